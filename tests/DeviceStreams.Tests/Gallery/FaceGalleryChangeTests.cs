using System.Runtime.InteropServices;
using MediaScore.DeviceStreams.Gallery;

namespace MediaScore.DeviceStreams.Tests.Gallery;

/// <summary>Coming and going, while others search.</summary>
public sealed class FaceGalleryChangeTests : IDisposable
{
    private const string Tenant = "site";

    private readonly FaceGallery _gallery = new(new GalleryOptions { MaxTemplates = 2_000 }, TimeProvider.System);

    public void Dispose() => _gallery.Dispose();

    [Fact]
    public async Task No_search_sees_half_a_template_while_others_come_and_go()
    {
        const int anchorCount = 40;
        const int moverCount = 600;
        var vectors = Enumerable.Range(0, anchorCount + moverCount).Select(Directions.Any).ToArray();
        for (var i = 0; i < vectors.Length; i++)
            _gallery.Tenant(Tenant).Set(new KnownPerson($"{i}", Tenant, $"{i}", "", false));
        // Anchors between the others, so that they are moved about.
        for (var i = 0; i < anchorCount; i++)
            _gallery.Add(Tenant, $"{i}", $"{i}", vectors[i]);

        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(reader => Task.Run(() =>
        {
            var random = new Random(reader);
            var searches = 0;
            do
            {
                var asked = random.Next(vectors.Length);
                var match = _gallery.Identify(Tenant, vectors[asked])!;
                // With these bits, or it was not that template.
                match.Similarity.ShouldBe((float)EmbeddingCode.Dot(vectors[int.Parse(match.TemplateId)], vectors[asked]));
                if (asked < anchorCount)
                    match.TemplateId.ShouldBe($"{asked}");
                _gallery.Verify(Tenant, $"{asked % anchorCount}", vectors[asked % anchorCount])!.Similarity.ShouldBe(1, 1e-5f);
                searches++;
            }
            while (!done.IsCancellationRequested);
            return searches;
        })).ToList();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(() =>
        {
            var random = new Random(100 + writer);
            for (var turn = 0; turn < 6_000; turn++)
            {
                // Each writer has movers of its own.
                var mover = anchorCount + (random.Next(moverCount / 2) * 2) + writer;
                if (!_gallery.Remove(Tenant, $"{mover}"))
                    _gallery.Add(Tenant, $"{mover}", $"{mover}", vectors[mover]).ShouldBeTrue();
            }
        })));
        await done.CancelAsync();

        foreach (var searches in await Task.WhenAll(readers))
            searches.ShouldBeGreaterThan(0);
        _gallery.Content.TemplateCount.ShouldBe(_gallery.Tenant(Tenant).TemplateCount);
        for (var i = 0; i < anchorCount; i++)
            _gallery.Identify(Tenant, vectors[i])!.TemplateId.ShouldBe($"{i}");
    }

    [Fact]
    public void A_template_that_goes_is_overwritten_and_the_others_stay_themselves()
    {
        for (var i = 0; i < 300; i++)
        {
            _gallery.Tenant(Tenant).Set(new KnownPerson($"{i}", Tenant, $"{i}", "", false));
            _gallery.Add(Tenant, $"{i}", $"{i}", Directions.Any(i));
        }

        var memory = _gallery.Tenant(Tenant).Segments.Select(segment => segment.Memory).ToList();
        var gone = MemoryMarshal.AsBytes(Directions.Any(5).AsSpan(0, 16)).ToArray();
        memory.Any(segment => MemoryMarshal.AsBytes(segment.Embeddings.Span).IndexOf(gone) >= 0).ShouldBeTrue();

        _gallery.Remove(Tenant, "5").ShouldBeTrue();

        memory.Any(segment => MemoryMarshal.AsBytes(segment.Embeddings.Span).IndexOf(gone) >= 0).ShouldBeFalse();
        _gallery.Identify(Tenant, Directions.Any(5))!.TemplateId.ShouldNotBe("5");
        _gallery.Identify(Tenant, Directions.Any(299))!.TemplateId.ShouldBe("299");
        for (var i = 0; i < 300; i++)
            _gallery.Tenant(Tenant).RemovePerson($"{i}");
        foreach (var (codes, embeddings) in memory)
        {
            codes.Span.ContainsAnyExcept((byte)0).ShouldBeFalse();
            embeddings.Span.ContainsAnyExcept(0f).ShouldBeFalse();
        }
    }

    [Fact]
    public void The_option_bounds_all_tenants_together_and_what_goes_makes_room()
    {
        using var small = new FaceGallery(new GalleryOptions { MaxTemplates = 2 }, TimeProvider.System);
        foreach (var tenant in (string[])["a", "b", "c"])
            small.Tenant(tenant).Set(new KnownPerson(tenant, tenant, "1", "", false));
        small.Add("a", "a", "a", Directions.Any(1)).ShouldBeTrue();
        small.Add("b", "b", "b", Directions.Any(2)).ShouldBeTrue();

        small.Add("c", "c", "c", Directions.Any(3)).ShouldBeFalse();
        small.IsFull.ShouldBeTrue();
        small.Remove("a", "a").ShouldBeTrue();

        small.Add("c", "c", "c", Directions.Any(3)).ShouldBeTrue();
        small.Content.TemplateCount.ShouldBe(2);
    }

    [Fact]
    public void A_name_or_a_block_that_changes_is_what_the_next_match_says()
    {
        _gallery.Tenant(Tenant).Set(new KnownPerson("p", Tenant, "1", "before", false));
        _gallery.Add(Tenant, "p", "t", Directions.Any(1));

        _gallery.Tenant(Tenant).Set(new KnownPerson("p", Tenant, "1", "after", true));

        _gallery.Identify(Tenant, Directions.Any(1))!.Person.ShouldBe(new KnownPerson("p", Tenant, "1", "after", true));
    }
}
