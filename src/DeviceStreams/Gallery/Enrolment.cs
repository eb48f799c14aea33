using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Keys;
using MediaScore.Perception.Vision;
using MediaScore.Storage.People;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>
/// From a picture to a template that doors compare with. Without consent the picture is not looked at; with it, it must show one face, good enough, that is nobody else's. Thread-safe.
/// </summary>
public sealed class Enrolment(PersonStore people, FaceGallery gallery, TenantKeys keys, IEnrolmentFaces faces, GalleryOptions options)
{
    /// <summary>Of <see cref="FaceTemplateRow.Source"/>: what waits for nobody goes to the models behind those who wait.</summary>
    public const string ImportSource = "import";

    // The same picture, or the next frame: a template more would only cost time.
    private const float SamePicture = 0.985f;

    /// <param name="picture">A JPEG or PNG file.</param>
    /// <param name="source"><c>photo</c>, <c>import</c>, <c>webcam</c> or <c>device:ID</c>; 1 to 80 characters.</param>
    /// <exception cref="ArgumentException">No such source.</exception>
    public async Task<EnrolmentResult> EnrolAsync(string tenant, string personNumber, ReadOnlyMemory<byte> picture, string source, CancellationToken cancellationToken)
    {
        ThrowIfNoSource(source);
        var (person, refusal) = await FindAsync(tenant, personNumber, cancellationToken);
        if (person is null)
            return Count(refusal!);
        return await StoreAsync(person, await ExamineAsync(picture, ClassOf(source), cancellationToken), source, mayResemble: false, cancellationToken);
    }

    /// <inheritdoc cref="EnrolAsync(string, string, ReadOnlyMemory{byte}, string, CancellationToken)"/>
    /// <param name="picture">Its pixels must not change until the task has ended.</param>
    public async Task<EnrolmentResult> EnrolAsync(string tenant, string personNumber, RgbPicture picture, string source, CancellationToken cancellationToken)
    {
        ThrowIfNoSource(source);
        var (person, refusal) = await FindAsync(tenant, personNumber, cancellationToken);
        if (person is null)
            return Count(refusal!);
        return await StoreAsync(person, await ExamineAsync(picture, ClassOf(source), cancellationToken), source, mayResemble: false, cancellationToken);
    }

    /// <summary>Enrols somebody although the face resembles another person's: twins, whom an operator has seen side by side. Doors may take one for the other.</summary>
    public async Task<EnrolmentResult> EnrolLookalikeAsync(string tenant, string personNumber, ReadOnlyMemory<byte> picture, string source, CancellationToken cancellationToken)
    {
        ThrowIfNoSource(source);
        var (person, refusal) = await FindAsync(tenant, personNumber, cancellationToken);
        if (person is null)
            return Count(refusal!);
        return await StoreAsync(person, await ExamineAsync(picture, ClassOf(source), cancellationToken), source, mayResemble: true, cancellationToken);
    }

    /// <summary>The person, where consent stands.</summary>
    internal async Task<(PersonRow? Person, EnrolmentResult? Refusal)> FindAsync(string tenant, string personNumber, CancellationToken cancellationToken) =>
        await people.FindAsync(tenant, personNumber, cancellationToken) switch
        {
            null => (null, EnrolmentResult.Refused(EnrolmentCode.UnknownPerson, "Nobody has this number here. Add the person first.")),
            { ConsentGivenAt: null } => (null, EnrolmentResult.Refused(EnrolmentCode.NoConsent, "There is no consent to be recognised by the face. Record it first; until then the picture is not looked at.")),
            var person => (person, null),
        };

    /// <summary>What can be said without knowing whose picture it is. Call it for people whose consent stands only.</summary>
    internal async Task<FaceExamination> ExamineAsync(ReadOnlyMemory<byte> file, RequestClass requestClass, CancellationToken cancellationToken)
    {
        using var opened = EnrolmentPicture.TryOpen(file.Span, options.MaxPictureMegapixels, out var refusal);
        return opened is null ? FaceExamination.Refused(refusal!) : await ExamineAsync(opened.Picture, requestClass, cancellationToken);
    }

    internal async Task<FaceExamination> ExamineAsync(RgbPicture picture, RequestClass requestClass, CancellationToken cancellationToken)
    {
        try
        {
            var found = await faces.FindAsync(picture, requestClass, cancellationToken);
            if (found.Count != 1)
                return FaceExamination.Refused(NotOne(picture, found));
            var (worth, fault) = faces.Judge(picture, found[0]);
            if (worth < options.LeastQuality)
            {
                return FaceExamination.Refused(EnrolmentResult.Refused(
                    EnrolmentCode.PoorQuality, $"The face cannot be enrolled from this picture: {fault}. Take another one: near, sharp, in even light, looking at the camera.",
                    string.Create(CultureInfo.InvariantCulture, $"quality {worth:0.00}, at least {options.LeastQuality:0.00} (Gallery:LeastQuality)"), worth));
            }

            // Not before: of somebody who merely stands in the picture nothing is computed.
            var embedding = await faces.EmbedAsync(picture, found[0], requestClass, cancellationToken);
            return embedding.IsEmpty
                ? FaceExamination.Refused(EnrolmentResult.Refused(EnrolmentCode.NoFace, "The face is covered or turned too far. Take a picture from the front.", quality: worth))
                : new FaceExamination(null, embedding, worth);
        }
        catch (ModelUnavailableException missing)
        {
            return FaceExamination.Refused(EnrolmentResult.Refused(EnrolmentCode.ModelMissing, "The server cannot recognise faces now. Tell whoever runs it.", missing.Message));
        }
    }

    /// <summary>Stores the face, unless it is somebody else's, this person's already, or there is no room.</summary>
    internal async Task<EnrolmentResult> StoreAsync(PersonRow person, FaceExamination face, string source, bool mayResemble, CancellationToken cancellationToken)
    {
        if (face.Refusal is { } refusal)
            return Count(refusal);
        while (true)
        {
            await gallery.CatchUpAsync(cancellationToken);
            var seen = gallery.Revision;
            if (TryRefuse(person, face, mayResemble, out var why))
                return Count(why);
            var template = Seal(person, face, source);
            switch (await people.AddTemplateAsync(template, unlessSince: seen, cancellationToken))
            {
                case AddedTemplate.Stored:
                    return Count(new EnrolmentResult(true, template.Id, "Enrolled.") { Code = EnrolmentCode.Enrolled, Quality = face.Worth });
                case AddedTemplate.NoConsent:
                    return Count(EnrolmentResult.Refused(EnrolmentCode.NoConsent, "The consent was withdrawn a moment ago: nothing was stored.", quality: face.Worth));
                case AddedTemplate.Outdated:
                    // Somebody else was enrolled meanwhile, maybe with this very face.
                    continue;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }
    }

    internal static RequestClass ClassOf(string source) => source == ImportSource ? RequestClass.Deferred : RequestClass.Terminal;

    private static void ThrowIfNoSource(string source)
    {
        if (source is not { Length: >= 1 and <= 80 })
            throw new ArgumentException("A source has 1 to 80 characters.", nameof(source));
    }

    private static EnrolmentResult NotOne(RgbPicture picture, IReadOnlyList<DetectedFace> found) => found.Count == 0
        ? EnrolmentResult.Refused(EnrolmentCode.NoFace, "There is no face in this picture. Take one from the front, in which the face fills a third of the width.")
        : EnrolmentResult.Refused(
            EnrolmentCode.SeveralFaces,
            $"There are {found.Count} faces in this picture. Take one with this person alone, or cut the others away.",
            string.Join("; ", found.Select(face => string.Create(
                CultureInfo.InvariantCulture, $"{face.Box.Width * picture.Width:0} pixels wide at {face.Box.Center.X:P0} from the left, {face.Box.Center.Y:P0} from the top"))));

    private bool TryRefuse(PersonRow person, FaceExamination face, bool mayResemble, [NotNullWhen(true)] out EnrolmentResult? refusal)
    {
        refusal = null;
        if (gallery.Verify(person.Tenant, person.Number, face.Embedding.Span) is { Similarity: >= SamePicture } same)
            refusal = new EnrolmentResult(false, same.TemplateId, "This picture is enrolled already.") { Code = EnrolmentCode.AlreadyEnrolled, Quality = face.Worth };
        else if (!mayResemble && gallery.Search(person.Tenant, face.Embedding.Span, person.Id, out _) is { } other && other.Similarity >= options.DuplicateSimilarity)
            refusal = KnownAs(other, face.Worth);
        else if (gallery.CountOf(person.Tenant, person.Id) >= options.MaxTemplatesPerPerson)
            refusal = EnrolmentResult.Refused(EnrolmentCode.TooManyTemplates, $"{options.MaxTemplatesPerPerson} pictures of this person are enrolled already (Gallery:MaxTemplatesPerPerson). Remove one of them first.", quality: face.Worth);
        else if (gallery.IsFull)
            refusal = EnrolmentResult.Refused(EnrolmentCode.GalleryFull, "There is no room for more faces. Tell whoever runs the server.", $"Gallery:MaxTemplates is {options.MaxTemplates}", face.Worth);
        return refusal is not null;
    }

    private static EnrolmentResult KnownAs(GalleryMatch other, double worth) => EnrolmentResult.Refused(
        EnrolmentCode.KnownAsAnother,
        "This face is enrolled for somebody else already. If that is you, ask for one of the two entries to be removed; if it is a twin, ask an operator to enrol you in person.",
        string.Create(CultureInfo.InvariantCulture, $"it is number {other.Person.Number}, with a similarity of {other.Similarity:0.00}"),
        worth);

    private FaceTemplateRow Seal(PersonRow person, FaceExamination face, string source)
    {
        var model = faces.Embedder;
        var template = new FaceTemplateRow
        {
            Id = "tpl-" + RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20),
            PersonId = person.Id,
            Tenant = person.Tenant,
            ModelId = model.Id,
            ModelVersion = model.Version,
            Sealed = [],
            Quality = face.Worth,
            Source = source,
        };
        template.Sealed = PersonSeal.SealTemplate(keys, template, face.Embedding.Span);
        return template;
    }

    private EnrolmentResult Count(EnrolmentResult result)
    {
        gallery.Meter.Enrolments.Add(1, new KeyValuePair<string, object?>("code", result.Code.ToString()));
        return result;
    }
}
