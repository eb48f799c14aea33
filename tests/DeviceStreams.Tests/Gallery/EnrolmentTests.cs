using System.Text;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.Perception.Vision;
using MediaScore.Storage.People;
using SkiaSharp;

namespace MediaScore.DeviceStreams.Tests.Gallery;

public sealed class EnrolmentTests : IAsyncLifetime
{
    private Site _site = null!;

    public async ValueTask InitializeAsync() => _site = await Site.OpenAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_face_with_consent_is_enrolled_and_found_at_once()
    {
        var face = Directions.Any(1);

        var result = await _site.EnrolAsync("1001", 1, face);

        (result.Enrolled, result.Code, result.Quality).ShouldBe((true, EnrolmentCode.Enrolled, 0.9));
        var match = _site.Gallery.Identify(Site.Tenant, Directions.Near(face, 0.8, 2))!;
        (match.Person.Number, match.Person.DisplayName, match.TemplateId).ShouldBe(("1001", "Name of 1001", result.TemplateId));
        var stored = (await _site.Store.TemplatesOfAsync(match.Person.Id)).ShouldHaveSingleItem();
        (stored.Source, stored.ModelId, stored.ModelVersion, stored.Quality).ShouldBe(("webcam", "scripted", "1", 0.9));
    }

    [Fact]
    public async Task Without_consent_the_picture_is_not_even_looked_at()
    {
        _site.Faces.Show(1, Directions.Any(1));
        await _site.AddAsync("1001", consents: false);

        var never = await _site.EnrolAsync("1001", 1);
        await _site.Directory.GiveConsentAsync(Site.Tenant, "1001", "paper");
        await _site.Directory.WithdrawConsentAsync(Site.Tenant, "1001");
        var withdrawn = await _site.EnrolAsync("1001", 1);

        (never.Enrolled, never.Code, withdrawn.Code).ShouldBe((false, EnrolmentCode.NoConsent, EnrolmentCode.NoConsent));
        never.Reason.ShouldContain("consent");
        (_site.Faces.LookedCount, _site.Faces.EmbeddedCount).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Consent_that_is_withdrawn_while_the_picture_is_looked_at_stores_nothing()
    {
        await _site.AddAsync("1001");
        _site.Faces.Show(1, Directions.Any(1));
        _site.Faces.BeforeEmbedding = () => _site.Directory.WithdrawConsentAsync(Site.Tenant, "1001");

        var result = await _site.EnrolAsync("1001", 1);

        result.Code.ShouldBe(EnrolmentCode.NoConsent);
        _site.Gallery.Identify(Site.Tenant, Directions.Any(1)).ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_and_several_in_a_picture_are_told_apart_and_no_bystander_is_embedded()
    {
        await _site.AddAsync("1001");
        _site.Faces.Show(2, Directions.Any(2), faceCount: 3);

        var none = await _site.EnrolAsync("1001", 1);
        var several = await _site.EnrolAsync("1001", 2);

        (none.Code, several.Code).ShouldBe((EnrolmentCode.NoFace, EnrolmentCode.SeveralFaces));
        several.Reason.ShouldContain("3 faces");
        _site.Faces.EmbeddedCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_poor_face_is_refused_with_what_is_wrong_and_is_not_embedded()
    {
        await _site.AddAsync("1001");
        _site.Faces.Show(1, Directions.Any(1), worth: 0.4);

        var result = await _site.EnrolAsync("1001", 1);

        (result.Code, result.Fault, result.Quality).ShouldBe((EnrolmentCode.PoorQuality, FaceFault.Dark, 0.4));
        result.Reason.ShouldContain("too dark");
        result.OperatorNote.ShouldContain("Gallery:LeastQuality");
        _site.Faces.EmbeddedCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_face_that_is_another_persons_is_refused_and_only_the_operator_hears_whose()
    {
        var face = Directions.Any(1);
        await _site.EnrolAsync("1001", 1, face);

        var result = await _site.EnrolAsync("2002", 2, Directions.Near(face, 0.7, 2));

        result.Code.ShouldBe(EnrolmentCode.KnownAsAnother);
        result.Reason.ShouldNotContain("1001");
        result.OperatorNote.ShouldContain("1001");
        result.OperatorNote.ShouldContain("0.70");
    }

    [Fact]
    public async Task Whoever_steps_in_front_of_the_camera_between_two_pictures_is_not_enrolled_under_the_others_number()
    {
        var face = Directions.Any(1);
        await _site.EnrolAsync("1001", 1, face);

        var bystander = await _site.EnrolAsync("1001", 2, Directions.Near(face, 0.2, 2));
        var older = await _site.EnrolAsync("1001", 3, Directions.Near(face, 0.35, 3));

        (bystander.Code, older.Code).ShouldBe((EnrolmentCode.NotThisPerson, EnrolmentCode.Enrolled));
        bystander.OperatorNote.ShouldContain("Gallery:SamePersonSimilarity");
    }

    [Fact]
    public async Task A_lookalike_is_enrolled_where_an_operator_says_so_and_another_tenant_does_not_matter()
    {
        var face = Directions.Any(1);
        await _site.EnrolAsync("1001", 1, face);
        await _site.AddAsync("2002");
        _site.Faces.Show(2, Directions.Near(face, 0.7, 2));
        await _site.Directory.SetAsync("elsewhere", "1", "Name");
        await _site.Directory.GiveConsentAsync("elsewhere", "1", "paper");

        (await _site.Enrolment.EnrolLookalikeAsync(Site.Tenant, "2002", ScriptedFaces.File(2), "photo", default)).Enrolled.ShouldBeTrue();
        (await _site.Enrolment.EnrolAsync("elsewhere", "1", ScriptedFaces.Picture(2), "webcam", default)).Enrolled.ShouldBeTrue();
    }

    [Fact]
    public async Task That_two_who_look_alike_are_two_is_said_once_written_down_and_goes_with_the_face()
    {
        var face = Directions.Any(1);
        var twin = Directions.Near(face, 0.7, 2);
        await _site.EnrolAsync("1001", 1, face);
        await _site.AddAsync("2002");
        _site.Faces.Show(2, twin);

        var told = await _site.Enrolment.EnrolLookalikeAsync(Site.Tenant, "2002", ScriptedFaces.File(2), "photo", default);
        var another = await _site.EnrolAsync("2002", 3, Directions.Near(twin, 0.8, 3));
        var theOther = await _site.EnrolAsync("1001", 4, Directions.Near(twin, 0.65, 4));
        var third = await _site.EnrolAsync("3003", 5, Directions.Near(face, 0.75, 5));

        told.OperatorNote.ShouldContain("1001");
        (another.Code, theOther.Code, third.Code).ShouldBe((EnrolmentCode.Enrolled, EnrolmentCode.Enrolled, EnrolmentCode.KnownAsAnother));
        var (first, second) = ((await _site.Store.FindAsync(Site.Tenant, "1001"))!, (await _site.Store.FindAsync(Site.Tenant, "2002"))!);
        var said = (await _site.Store.LookalikesOfAsync(second.Id)).ShouldHaveSingleItem();
        (said.Number, said.Source, said.SaidAt).ShouldBe(("1001", "photo", _site.Time.GetUtcNow()));
        said.Similarity.ShouldBe(0.7, 1e-5);
        (await _site.Store.LookalikesOfAsync(first.Id)).ShouldHaveSingleItem().Number.ShouldBe("2002");

        await _site.Directory.WithdrawConsentAsync(Site.Tenant, "1001");

        (await _site.Store.LookalikesOfAsync(second.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_face_that_resembles_everybody_is_nobodys_lookalike()
    {
        await using var site = await Site.OpenAsync(new GalleryOptions { DuplicateSimilarity = 0.3 });
        var face = Directions.Any(1);
        for (var i = 0; i < 10; i++)
        {
            await site.AddAsync($"{1000 + i}");
            site.Faces.Show(i, Directions.Near(face, 0.5, 100 + i));
            (await site.Enrolment.EnrolLookalikeAsync(Site.Tenant, $"{1000 + i}", ScriptedFaces.File(i), "photo", default)).Enrolled.ShouldBeTrue();
        }

        await site.AddAsync("2002");
        site.Faces.Show(11, face);
        var result = await site.Enrolment.EnrolLookalikeAsync(Site.Tenant, "2002", ScriptedFaces.File(11), "photo", default);

        result.Code.ShouldBe(EnrolmentCode.KnownAsAnother);
        (await site.Store.LookalikesOfAsync((await site.Store.FindAsync(Site.Tenant, "2002"))!.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_people_who_bring_one_face_at_once_one_is_enrolled()
    {
        var face = Directions.Any(1);
        _site.Faces.Show(1, face);
        await using var beside = await _site.BesideAsync();
        await _site.AddAsync("1001");
        await _site.AddAsync("2002");
        await _site.AddAsync("3003");
        var waiting = 0;
        var all = new TaskCompletionSource();
        // All of them have passed everything up to here before the first is compared with the others.
        _site.Faces.BeforeEmbedding = () =>
        {
            if (Interlocked.Increment(ref waiting) == 3)
                all.SetResult();
            return all.Task;
        };

        var results = await Task.WhenAll(
            _site.Enrolment.EnrolAsync(Site.Tenant, "1001", ScriptedFaces.Picture(1), "webcam", default),
            _site.Enrolment.EnrolAsync(Site.Tenant, "2002", ScriptedFaces.Picture(1), "webcam", default),
            beside.Enrolment.EnrolAsync(Site.Tenant, "3003", ScriptedFaces.Picture(1), "webcam", default));

        results.Count(result => result.Enrolled).ShouldBe(1);
        results.Count(result => result.Code == EnrolmentCode.KnownAsAnother).ShouldBe(2);
    }

    [Fact]
    public async Task The_same_picture_again_changes_nothing_and_another_of_the_same_person_is_added()
    {
        var face = Directions.Any(1);
        var first = await _site.EnrolAsync("1001", 1, face);
        var revision = await _site.Store.RevisionAsync();

        var again = await _site.EnrolAsync("1001", 1);
        var unchanged = await _site.Store.RevisionAsync();
        var other = await _site.EnrolAsync("1001", 2, Directions.Near(face, 0.8, 3));

        (again.Enrolled, again.Code, again.TemplateId).ShouldBe((false, EnrolmentCode.AlreadyEnrolled, first.TemplateId));
        unchanged.ShouldBe(revision);
        other.Enrolled.ShouldBeTrue();
        _site.Gallery.Content.TemplateCount.ShouldBe(2);
    }

    [Fact]
    public async Task One_person_has_no_more_templates_than_the_option_says()
    {
        await using var site = await Site.OpenAsync(new GalleryOptions { MaxTemplatesPerPerson = 2 });
        var face = Directions.Any(1);
        await site.EnrolAsync("1001", 1, face);
        await site.EnrolAsync("1001", 2, Directions.Near(face, 0.8, 2));

        var third = await site.EnrolAsync("1001", 3, Directions.Near(face, 0.8, 3));

        third.Code.ShouldBe(EnrolmentCode.TooManyTemplates);
    }

    [Fact]
    public async Task A_full_gallery_is_said_to_be_full()
    {
        await using var site = await Site.OpenAsync(new GalleryOptions { MaxTemplates = 1 });
        await site.EnrolAsync("1001", 1, Directions.Any(1));

        var second = await site.EnrolAsync("2002", 2, Directions.Any(2));

        second.Code.ShouldBe(EnrolmentCode.GalleryFull);
        second.OperatorNote.ShouldContain("Gallery:MaxTemplates");
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    public async Task Picture_files_are_decoded(SKEncodedImageFormat format)
    {
        await _site.AddAsync("1001");
        _site.Faces.Show(9, Directions.Any(1));

        var result = await _site.Enrolment.EnrolAsync(Site.Tenant, "1001", ScriptedFaces.File(9, format), "photo", default);

        result.Enrolled.ShouldBeTrue(result.Reason + result.OperatorNote);
    }

    [Fact]
    public async Task Files_that_are_no_pictures_damaged_ones_and_huge_ones_are_refused_before_a_model_sees_them()
    {
        await _site.AddAsync("1001");
        var whole = ScriptedFaces.File(9);

        (await EnrolFileAsync(Encoding.ASCII.GetBytes("GIF89a and so on"))).Code.ShouldBe(EnrolmentCode.UnreadablePicture);
        (await EnrolFileAsync([])).Code.ShouldBe(EnrolmentCode.UnreadablePicture);
        (await EnrolFileAsync(whole[..(whole.Length / 3)])).Code.ShouldBe(EnrolmentCode.UnreadablePicture);
        (await EnrolFileAsync(JpegHead(60_000, 60_000))).Code.ShouldBe(EnrolmentCode.PictureTooLarge);
        (await EnrolFileAsync(JpegHead(8_000, 8_000))).Code.ShouldBe(EnrolmentCode.PictureTooLarge);
        (await EnrolFileAsync(new byte[17 << 20])).Code.ShouldBe(EnrolmentCode.PictureTooLarge);
        _site.Faces.LookedCount.ShouldBe(0);

        Task<EnrolmentResult> EnrolFileAsync(byte[] file) => _site.Enrolment.EnrolAsync(Site.Tenant, "1001", file, "photo", default);
    }

    [Fact]
    public async Task An_unknown_number_and_missing_models_are_refusals_too()
    {
        var unknown = await _site.EnrolAsync("9999", 1);
        await _site.AddAsync("1001");
        _site.Faces.IsMissing = true;
        var missing = await _site.EnrolAsync("1001", 1);

        unknown.Code.ShouldBe(EnrolmentCode.UnknownPerson);
        missing.Code.ShouldBe(EnrolmentCode.ModelMissing);
        missing.OperatorNote.ShouldContain("mediascore models prepare");
    }

    [Fact]
    public async Task A_picture_on_which_a_model_fails_is_refused_and_the_next_one_is_taken()
    {
        await _site.AddAsync("1001");
        _site.Faces.Show(2, Directions.Any(2));
        _site.Faces.FailsOn = 1;

        var failed = await _site.EnrolAsync("1001", 1);
        var next = await _site.EnrolAsync("1001", 2);

        (failed.Enrolled, failed.Code).ShouldBe((false, EnrolmentCode.UnreadablePicture));
        failed.Reason.ShouldContain("another");
        failed.OperatorNote.ShouldContain("the run failed");
        next.Enrolled.ShouldBeTrue();
    }

    [Fact]
    public async Task A_template_opens_for_no_other_person_model_or_tenant()
    {
        await _site.EnrolAsync("1001", 1, Directions.Any(1));
        var person = (await _site.Store.FindAsync(Site.Tenant, "1001"))!;
        var stored = (await _site.Store.TemplatesOfAsync(person.Id))[0];
        var embedding = new float[EmbeddingCode.Dimensions];

        PersonSeal.TryOpenTemplate(_site.Keys, stored, embedding).ShouldBeTrue();
        embedding.ShouldBe(Directions.Any(1));
        PersonSeal.TryOpenTemplate(_site.Keys, With(stored, personId: "another"), embedding).ShouldBeFalse();
        PersonSeal.TryOpenTemplate(_site.Keys, With(stored, version: "2"), embedding).ShouldBeFalse();
        PersonSeal.TryOpenTemplate(_site.Keys, With(stored, tenant: "elsewhere"), embedding).ShouldBeFalse();
    }

    private static FaceTemplateRow With(FaceTemplateRow row, string? personId = null, string? version = null, string? tenant = null) => new()
    {
        Id = row.Id,
        PersonId = personId ?? row.PersonId,
        Tenant = tenant ?? row.Tenant,
        ModelId = row.ModelId,
        ModelVersion = version ?? row.ModelVersion,
        Sealed = row.Sealed,
        Source = row.Source,
    };

    /// <summary>A JPEG up to its frame header (ITU-T T.81, B.2.2), which says this size.</summary>
    private static byte[] JpegHead(int width, int height) =>
        [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xFF, 0xD9];
}
