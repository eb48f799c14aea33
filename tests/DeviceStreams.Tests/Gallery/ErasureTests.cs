using System.Runtime.InteropServices;
using System.Text.Json;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;
using MediaScore.Storage.People;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MediaScore.DeviceStreams.Tests.Gallery;

/// <summary>A withdrawn or removed face is nowhere any more.</summary>
public sealed class ErasureTests : IAsyncLifetime
{
    private Site _site = null!;

    public async ValueTask InitializeAsync() => _site = await Site.OpenAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_of_a_face_is_left_in_the_database_files_or_in_memory(bool remove)
    {
        for (var i = 0; i < 30; i++)
            await _site.EnrolAsync($"{1000 + i}", i, Directions.Any(i));
        var person = (await _site.Store.FindAsync(Site.Tenant, "1007"))!;
        var stored = (await _site.Store.TemplatesOfAsync(person.Id))[0].Sealed;
        var memory = _site.Gallery.Tenant(Site.Tenant).Segments.Select(segment => segment.Memory).ToList();
        // The sealed bytes may lie on several pages: any stretch of them would be one too many.
        CountInFiles(stored.AsSpan(100, 32)).ShouldBeGreaterThan(0);

        if (remove)
            await _site.Directory.RemoveAsync(Site.Tenant, "1007");
        else
            (await _site.Directory.WithdrawConsentAsync(Site.Tenant, "1007")).ShouldBe(1);

        _site.Store.LogHoldsErased.ShouldBeFalse();
        for (var at = 0; at + 32 <= stored.Length; at += 32)
            CountInFiles(stored.AsSpan(at, 32)).ShouldBe(0);
        if (remove)
            CountInFiles(person.SealedName).ShouldBe(0);
        var values = MemoryMarshal.AsBytes(Directions.Any(7).AsSpan(100, 8)).ToArray();
        memory.Any(segment => MemoryMarshal.AsBytes(segment.Embeddings.Span).IndexOf(values) >= 0).ShouldBeFalse();
        _site.Gallery.Identify(Site.Tenant, Directions.Any(7))!.Person.Number.ShouldNotBe("1007");
        // The others are what they were.
        (await _site.Store.CountTemplatesAsync(Site.Tenant)).Count.ShouldBe(29);
        _site.Gallery.Identify(Site.Tenant, Directions.Any(8))!.Similarity.ShouldBe(1, 1e-5f);
    }

    [Fact]
    public async Task A_reader_in_the_way_holds_nobody_up_and_the_log_is_emptied_when_it_is_gone()
    {
        await _site.EnrolAsync("1001", 1, Directions.Any(1));
        var stored = (await _site.Store.TemplatesOfAsync((await _site.Store.FindAsync(Site.Tenant, "1001"))!.Id))[0].Sealed;
        await using (var connection = new SqliteConnection($"Data Source={_site.DatabasePath}"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var transaction = connection.BeginTransaction(deferred: true);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT COUNT(*) FROM face_templates";
            command.Transaction = transaction;
            (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(1L);

            await _site.Directory.WithdrawConsentAsync(Site.Tenant, "1001");

            _site.Store.LogHoldsErased.ShouldBeTrue();
        }

        (await _site.Store.EmptyLogAsync()).ShouldBeTrue();

        _site.Store.LogHoldsErased.ShouldBeFalse();
        CountInFiles(stored.AsSpan(100, 32)).ShouldBe(0);
    }

    [Fact]
    public async Task Devices_that_keep_people_are_told_to_forget_them_also_those_that_may_not_take_part_now()
    {
        await _site.Devices.FindOrAddAsync(Device("approved", DeviceProtocol.ZkAttendance));
        await _site.Devices.FindOrAddAsync(Device("pending", DeviceProtocol.ZkAccess, DeviceState.Pending));
        await _site.Devices.FindOrAddAsync(Device("refused", DeviceProtocol.Isapi, DeviceState.Refused));
        await _site.Devices.FindOrAddAsync(Device("special", DeviceProtocol.Http));
        await _site.Devices.FindOrAddAsync(Device("badge", DeviceProtocol.Mqtt));
        await _site.EnrolAsync("1001", 1, Directions.Any(1));

        await _site.Directory.WithdrawConsentAsync(Site.Tenant, "1001");

        foreach (var id in (string[])["approved", "pending", "refused", "special"])
            await ShouldForgetAsync(id, "1001");
        (await _site.Commands.ListAsync("badge", 10)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_erasure_that_fails_here_leaves_nobody_at_the_devices(bool remove)
    {
        await _site.Devices.FindOrAddAsync(Device("door", DeviceProtocol.ZkAttendance));
        await _site.EnrolAsync("1001", 1, Directions.Any(1));
        await using (var context = await _site.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken))
            await context.Database.ExecuteSqlRawAsync("CREATE TRIGGER full BEFORE DELETE ON face_templates BEGIN SELECT RAISE(ABORT, 'the disk is full'); END;", TestContext.Current.CancellationToken);

        await Should.ThrowAsync<SqliteException>(() => remove ? _site.Directory.RemoveAsync(Site.Tenant, "1001") : _site.Directory.WithdrawConsentAsync(Site.Tenant, "1001"));

        await ShouldForgetAsync("door", "1001");
        // Nothing of it happened here, so it can be asked for again.
        (await _site.Directory.FindAsync(Site.Tenant, "1001"))!.ConsentGivenAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task One_template_can_be_erased_alone()
    {
        var face = Directions.Any(1);
        var first = await _site.EnrolAsync("1001", 1, face);
        var second = await _site.EnrolAsync("1001", 2, Directions.Near(face, 0.8, 2));

        (await _site.Store.RemoveTemplateAsync(first.TemplateId!)).ShouldBeTrue();

        _site.Gallery.Identify(Site.Tenant, face)!.TemplateId.ShouldBe(second.TemplateId);
        (await _site.Store.RemoveTemplateAsync(first.TemplateId!)).ShouldBeFalse();
    }

    [Fact]
    public async Task Consent_that_is_given_again_brings_no_face_back()
    {
        await _site.EnrolAsync("1001", 1, Directions.Any(1));
        await _site.Directory.WithdrawConsentAsync(Site.Tenant, "1001");

        await _site.Directory.GiveConsentAsync(Site.Tenant, "1001", "paper, again");

        _site.Gallery.Identify(Site.Tenant, Directions.Any(1)).ShouldBeNull();
        (await _site.Directory.FindAsync(Site.Tenant, "1001"))!.TemplateCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_template_without_consent_cannot_be_stored_by_any_way()
    {
        await _site.AddAsync("1001", consents: false);
        var person = (await _site.Store.FindAsync(Site.Tenant, "1001"))!;

        var stored = await _site.Store.AddTemplateAsync(
            new FaceTemplateRow { Id = "t", PersonId = person.Id, Tenant = Site.Tenant, ModelId = "m", ModelVersion = "1", Sealed = [1], Source = "photo" }, [], unlessSince: null);

        stored.ShouldBe(AddedTemplate.NoConsent);
        await using var context = await _site.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        (await context.FaceTemplates.CountAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    private static DeviceRow Device(string id, DeviceProtocol protocol, DeviceState state = DeviceState.Approved) =>
        new() { Id = id, Tenant = Site.Tenant, Protocol = protocol, Serial = id, State = state };

    private async Task ShouldForgetAsync(string deviceId, string number)
    {
        var command = (await _site.Commands.ListAsync(deviceId, 10)).ShouldHaveSingleItem(deviceId);
        command.Kind.ShouldBe(CommandKinds.Delete);
        JsonSerializer.Deserialize<DeleteArguments>(command.Arguments, JsonSerializerOptions.Web)!.PersonNumber.ShouldBe(number);
    }

    /// <summary>How often it occurs in the database, its log and its index of the log.</summary>
    private int CountInFiles(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var path in Directory.GetFiles(_site.Folder, "mediascore.db*"))
        {
            // Open in this process too.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            count += content.AsSpan().Count(bytes);
        }

        return count;
    }
}
