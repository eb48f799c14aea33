using MediaScore.DeviceStreams.Gallery;
using MediaScore.Perception.Vision;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.DeviceStreams.Tests.Gallery;

/// <summary>What is in memory is what is in the database, whoever changed it.</summary>
public sealed class FaceGalleryFollowingTests : IAsyncLifetime
{
    private Site _site = null!;

    public async ValueTask InitializeAsync() => _site = await Site.OpenAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_server_that_starts_knows_everybody_whom_an_earlier_one_knew()
    {
        for (var i = 0; i < 20; i++)
            await _site.EnrolAsync($"{1000 + i}", i, Directions.Any(i));
        await _site.AddAsync("2000", consents: false);
        await _site.Directory.SetBlockedAsync(Site.Tenant, "1003", blocked: true);

        await using var next = await _site.BesideAsync();

        (next.Gallery.Content.PersonCount, next.Gallery.Content.TemplateCount).ShouldBe((21, 20));
        for (var i = 0; i < 20; i++)
        {
            var match = next.Gallery.Identify(Site.Tenant, Directions.Any(i))!;
            (match.Person.Number, match.Person.DisplayName, match.Person.IsBlocked).ShouldBe(($"{1000 + i}", $"Name of {1000 + i}", i == 3));
        }

        next.Gallery.Find(Site.Tenant, "2000")!.DisplayName.ShouldBe("Name of 2000");
    }

    [Fact]
    public async Task Templates_of_another_model_and_those_that_do_not_open_are_left_out_counted_and_logged()
    {
        await _site.EnrolAsync("1001", 1, Directions.Any(1));
        await _site.EnrolAsync("1002", 2, Directions.Any(2));
        _site.Faces.Embedder = new ModelIdentity("scripted", "2");
        await _site.EnrolAsync("1003", 3, Directions.Any(3));
        await using (var context = await _site.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            var row = await context.FaceTemplates.SingleAsync(template => template.ModelVersion == "2", TestContext.Current.CancellationToken);
            row.Sealed = [.. row.Sealed[..^1], (byte)(row.Sealed[^1] ^ 1)];
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await _site.EnrolAsync("1004", 4, Directions.Any(4));

        await using var next = await _site.BesideAsync();
        using var skipped = new MetricCollector<int>(next.Gallery, "MediaScore.DeviceStreams", "mediascore.gallery.templates.skipped");
        skipped.RecordObservableInstruments();

        next.Gallery.Content.ShouldBe(new GalleryContent(4, 1, OtherModelCount: 2, UnreadableCount: 1, NoRoomCount: 0));
        next.Gallery.Identify(Site.Tenant, Directions.Any(1))!.Person.Number.ShouldBe("1004");
        skipped.GetMeasurementSnapshot().ToDictionary(m => (string)m.Tags["reason"]!, m => m.Value).ShouldBe(
            new Dictionary<string, int> { ["other-model"] = 2, ["unreadable"] = 1, ["no-room"] = 0 }, ignoreOrder: true);
        next.Log.Collector.GetSnapshot().ShouldContain(record => record.Level == LogLevel.Warning && record.Message.StartsWith("2 templates are of another model"));
        next.Log.Collector.GetSnapshot().ShouldContain(record => record.Level == LogLevel.Error && record.Message.StartsWith("1 templates cannot be opened"));
    }

    [Fact]
    public async Task A_model_that_is_prepared_later_brings_its_people_with_it()
    {
        await _site.EnrolAsync("1001", 1, Directions.Any(1));
        ModelIdentity? prepared = null;
        using var gallery = new FaceGallery(_site.Store, _site.Keys, () => prepared, _site.Options, _site.Time, NullLogger<FaceGallery>.Instance);
        await gallery.LoadAsync(default);
        gallery.Identify(Site.Tenant, Directions.Any(1)).ShouldBeNull();

        prepared = _site.Faces.Embedder;
        await gallery.CatchUpAsync();

        gallery.Identify(Site.Tenant, Directions.Any(1))!.Person.Number.ShouldBe("1001");
        gallery.Content.OtherModelCount.ShouldBe(0);
    }

    [Fact]
    public async Task What_another_process_changes_is_seen_at_the_next_look()
    {
        await _site.EnrolAsync("1001", 1, Directions.Any(1));
        await using var server = await _site.BesideAsync();

        await _site.EnrolAsync("1002", 2, Directions.Any(2));
        await _site.EnrolAsync("1003", 3, Directions.Any(3));
        await server.Gallery.CatchUpAsync();
        server.Gallery.Identify(Site.Tenant, Directions.Any(2))!.Person.Number.ShouldBe("1002");

        await _site.Directory.SetBlockedAsync(Site.Tenant, "1001", blocked: true);
        await _site.Directory.SetAsync(Site.Tenant, "1003", "renamed");
        await _site.Directory.WithdrawConsentAsync(Site.Tenant, "1002");
        await server.Gallery.CatchUpAsync();
        server.Gallery.Identify(Site.Tenant, Directions.Any(1))!.Person.IsBlocked.ShouldBeTrue();
        server.Gallery.Identify(Site.Tenant, Directions.Any(3))!.Person.DisplayName.ShouldBe("renamed");
        server.Gallery.Verify(Site.Tenant, "1002", Directions.Any(2)).ShouldBeNull();
        server.Gallery.Find(Site.Tenant, "1002").ShouldNotBeNull();

        await _site.Directory.RemoveAsync(Site.Tenant, "1003");
        await server.Gallery.CatchUpAsync();
        server.Gallery.Find(Site.Tenant, "1003").ShouldBeNull();
        server.Gallery.Content.TemplateCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_running_server_looks_every_few_seconds_by_itself()
    {
        await using var server = await _site.BesideAsync();
        await using var watch = new GalleryWatch(server.Gallery, server.Store, server.Options, _site.Time, NullLogger<GalleryWatch>.Instance);
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watch.Looked += () => looked.TrySetResult();
        await _site.EnrolAsync("1001", 1, Directions.Any(1));
        server.Gallery.Identify(Site.Tenant, Directions.Any(1)).ShouldBeNull();

        _site.Time.Advance(TimeSpan.FromSeconds(_site.Options.RefreshSeconds));
        await looked.Task.WaitAsync(TimeSpan.FromSeconds(30));

        server.Gallery.Identify(Site.Tenant, Directions.Any(1))!.Person.Number.ShouldBe("1001");
    }

    [Fact]
    public async Task Changes_of_this_process_are_not_read_again()
    {
        await _site.EnrolAsync("1001", 1, Directions.Any(1));
        await _site.EnrolAsync("1002", 2, Directions.Any(2));
        await _site.Directory.WithdrawConsentAsync(Site.Tenant, "1001");

        _site.Gallery.Revision.ShouldBe(await _site.Store.RevisionAsync());
    }

    [Fact]
    public async Task What_found_no_room_comes_in_when_there_is_some()
    {
        await _site.EnrolAsync("1001", 1, Directions.Any(1));
        await _site.EnrolAsync("1002", 2, Directions.Any(2));
        await using var small = await _site.BesideAsync(new GalleryOptions { MaxTemplates = 1 });
        (small.Gallery.Content.TemplateCount, small.Gallery.Content.NoRoomCount).ShouldBe((1, 1));
        var held = small.Gallery.Identify(Site.Tenant, Directions.Any(1))!.Person.Number;

        await small.Directory.WithdrawConsentAsync(Site.Tenant, held);
        await small.Gallery.CatchUpAsync();

        small.Gallery.Content.ShouldBe(new GalleryContent(2, 1, 0, 0, 0));
        small.Gallery.Identify(Site.Tenant, Directions.Any(1))!.Person.Number.ShouldNotBe(held);
    }
}
