using MediaScore.DeviceStreams.Gallery;

namespace MediaScore.DeviceStreams.Tests.Gallery;

/// <summary>The gallery's answer beside that of comparing everything, one by one.</summary>
public sealed class FaceGallerySearchTests : IDisposable
{
    private const string Tenant = "site";

    private readonly FaceGallery _gallery = new(new GalleryOptions(), TimeProvider.System);
    private readonly Dictionary<string, (string Number, float[] Embedding)> _templates = new(StringComparer.Ordinal);

    public void Dispose() => _gallery.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(3_000)]
    public void The_best_of_random_faces_is_found_for_strangers_and_for_people_known(int count)
    {
        var random = new Random(count);
        for (var i = 0; i < count; i++)
            Enrol($"{i:D5}", Directions.Any(random));

        for (var turn = 0; turn < 60; turn++)
        {
            var known = _templates.Values.ElementAt(random.Next(count)).Embedding;
            ShouldFindTheBest(Directions.Any(random));
            ShouldFindTheBest(Directions.Near(known, 0.2 + (random.NextDouble() * 0.8), random));
            ShouldFindTheBest(known);
        }
    }

    [Fact]
    public void The_best_of_two_thousand_that_bytes_cannot_tell_apart_is_found()
    {
        var random = new Random(5);
        var face = Directions.Any(random);
        // A millionth between each and the next, in an order that bytes do not see: their errors are a thousand times that.
        var order = Enumerable.Range(0, 2_000).OrderBy(_ => random.Next()).ToList();
        for (var i = 0; i < order.Count; i++)
            Enrol($"{i:D5}", Directions.Near(face, 0.4 + (order[i] * 1e-6), random));

        var match = _gallery.Search(Tenant, face, [], out var exactCount);

        match!.Person.Number.ShouldBe($"{order.IndexOf(order.Max()):D5}");
        exactCount.ShouldBeGreaterThan(1_000);
        ShouldFindTheBest(face);
    }

    [Fact]
    public void A_template_whose_bytes_understate_it_is_found_all_the_same()
    {
        var found = 0;
        for (var seed = 0; found < 20; seed++)
        {
            var face = Directions.Any(seed);
            // Rounded down everywhere beside one that is rounded up by half of its values, and is farther all the same.
            var understated = Rounded(face, _ => 0.49);
            var overstated = Rounded(face, i => i % 2 == 0 ? 0.51 : 0.40);
            if (!EmbeddingCode.IsUnit(understated) || !EmbeddingCode.IsUnit(overstated))
                continue;
            using var gallery = new FaceGallery(new GalleryOptions(), TimeProvider.System);
            Enrol(gallery, "understated", understated);
            Enrol(gallery, "overstated", overstated);

            CodeProduct(overstated, face).ShouldBeGreaterThan(CodeProduct(understated, face));
            gallery.Identify(Tenant, face)!.TemplateId.ShouldBe("understated");
            found++;
        }
    }

    [Fact]
    public void Vectors_that_bytes_cannot_hold_are_compared_exactly_too()
    {
        var random = new Random(6);
        for (var i = 0; i < 500; i++)
            Enrol($"{i:D5}", Directions.Any(random));
        var sharp = new float[EmbeddingCode.Dimensions];
        sharp[17] = 1;
        Enrol("sharp", sharp);

        for (var turn = 0; turn < 50; turn++)
            ShouldFindTheBest(Directions.Near(sharp, 0.05 + (turn * 0.018), random));
    }

    [Fact]
    public void Of_equal_templates_the_smaller_number_is_named_whatever_the_order_in_which_they_came()
    {
        var face = Directions.Any(7);
        using var other = new FaceGallery(new GalleryOptions(), TimeProvider.System);
        foreach (var number in (string[])["20", "10", "30"])
            Enrol(_gallery, number, face);
        foreach (var number in (string[])["30", "20", "10"])
            Enrol(other, number, face);

        _gallery.Identify(Tenant, face)!.Person.Number.ShouldBe("10");
        other.Identify(Tenant, face)!.Person.Number.ShouldBe("10");
    }

    [Fact]
    public void A_person_with_several_templates_counts_as_the_best_of_them()
    {
        var (front, side) = (Directions.Any(8), Directions.Any(9));
        Enrol("1", front);
        _gallery.Add(Tenant, "1", "1-side", side);
        Enrol("2", Directions.Any(10));
        var face = Directions.Near(side, 0.7, 11);

        var best = _gallery.Identify(Tenant, face)!;
        var verified = _gallery.Verify(Tenant, "1", face)!;

        (best.Person.Number, best.TemplateId).ShouldBe(("1", "1-side"));
        verified.ShouldBe(best);
        verified.Similarity.ShouldBe(0.7f, 1e-5f);
    }

    [Fact]
    public void One_to_one_asks_nobody_else()
    {
        var face = Directions.Any(12);
        Enrol("1", Directions.Near(face, 0.3, 13));
        Enrol("2", face);

        _gallery.Verify(Tenant, "1", face)!.Similarity.ShouldBe(0.3f, 1e-5f);
        _gallery.Verify(Tenant, "3", face).ShouldBeNull();
        _gallery.Verify("elsewhere", "2", face).ShouldBeNull();
    }

    [Fact]
    public void A_search_that_leaves_a_person_out_finds_the_best_of_the_others()
    {
        var face = Directions.Any(14);
        Enrol("1", face);
        Enrol("2", Directions.Near(face, 0.6, 15));
        Enrol("3", Directions.Near(face, 0.5, 16));

        _gallery.Search(Tenant, face, ["1"], out _)!.Person.Number.ShouldBe("2");
        _gallery.Remove(Tenant, "2");
        _gallery.Remove(Tenant, "3");
        _gallery.Search(Tenant, face, ["1"], out _).ShouldBeNull();
    }

    [Fact]
    public void Tenants_do_not_see_each_other()
    {
        Enrol("1", Directions.Any(17));

        _gallery.Identify("elsewhere", Directions.Any(17)).ShouldBeNull();
        _gallery.Find("elsewhere", "1").ShouldBeNull();
        _gallery.Find(Tenant, "1").ShouldNotBeNull();
    }

    [Fact]
    public void What_is_no_embedding_is_refused_and_not_compared()
    {
        Enrol("1", Directions.Any(18));
        var twice = Directions.Any(18).Select(value => value * 2).ToArray();
        var none = new float[EmbeddingCode.Dimensions];
        none[0] = float.NaN;

        Should.Throw<ArgumentException>(() => _gallery.Identify(Tenant, twice));
        Should.Throw<ArgumentException>(() => _gallery.Identify(Tenant, none));
        Should.Throw<ArgumentException>(() => _gallery.Identify(Tenant, new float[128]));
        Should.Throw<ArgumentException>(() => _gallery.Verify(Tenant, "1", new float[EmbeddingCode.Dimensions]));
    }

    private void ShouldFindTheBest(float[] face)
    {
        var best = _templates.Select(template => (template.Key, template.Value.Number, Cosine: Directions.Cosine(template.Value.Embedding, face)))
            .OrderByDescending(template => template.Cosine).ThenBy(template => template.Number, StringComparer.Ordinal).First();

        var match = _gallery.Identify(Tenant, face)!;

        (match.TemplateId, match.Similarity).ShouldBe((best.Key, (float)EmbeddingCode.Dot(_templates[best.Key].Embedding, face)));
        ((double)match.Similarity).ShouldBe(best.Cosine, 1e-6);
    }

    private void Enrol(string number, float[] embedding)
    {
        _templates[number] = (number, embedding);
        Enrol(_gallery, number, embedding);
    }

    private static void Enrol(FaceGallery gallery, string number, float[] embedding)
    {
        gallery.Tenant(Tenant).Set(new KnownPerson(number, Tenant, number, "", false));
        gallery.Add(Tenant, number, number, embedding).ShouldBeTrue();
    }

    /// <summary>Each value as many whole steps as the face's, and this part of one.</summary>
    private static float[] Rounded(float[] face, Func<int, double> part) =>
        [.. face.Select((value, i) => (float)(Math.Sign(value) * (Math.Floor(Math.Abs(value) * EmbeddingCode.Scale) + part(i)) / EmbeddingCode.Scale))];

    private static int CodeProduct(float[] left, float[] right)
    {
        var (leftCode, rightCode) = (new sbyte[EmbeddingCode.Dimensions], new sbyte[EmbeddingCode.Dimensions]);
        EmbeddingCode.Write(left, leftCode);
        EmbeddingCode.Write(right, rightCode);
        return leftCode.Zip(rightCode, (l, r) => l * r).Sum();
    }
}
