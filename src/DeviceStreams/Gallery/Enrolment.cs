using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Keys;
using MediaScore.Perception.Vision;
using MediaScore.Storage.People;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>
/// From a picture to a template that doors compare with. Without consent the picture is not looked at; with it, it must show one face, good enough, that is nobody else's, and this person's where there are pictures of them already. Thread-safe.
/// </summary>
public sealed class Enrolment(PersonStore people, FaceGallery gallery, TenantKeys keys, IEnrolmentFaces faces, GalleryOptions options)
{
    /// <summary>Of <see cref="FaceTemplateRow.Source"/>: what waits for nobody goes to the models behind those who wait.</summary>
    public const string ImportSource = "import";

    // The same picture, or the next frame: a template more would only cost time.
    private const float SamePicture = 0.985f;

    // A family. A face that resembles more people than that resembles everybody, and is too poor to be told apart.
    private const int MostLookalikes = 8;

    /// <param name="picture">A JPEG or PNG file.</param>
    /// <param name="source"><c>photo</c>, <c>import</c>, <c>webcam</c> or <c>device:ID</c>; 1 to 80 characters.</param>
    /// <exception cref="ArgumentException">No such source.</exception>
    public async Task<EnrolmentResult> EnrolAsync(string tenant, string personNumber, ReadOnlyMemory<byte> picture, string source, CancellationToken cancellationToken)
    {
        ThrowIfNoSource(source);
        var (person, refusal) = await FindAsync(tenant, personNumber, cancellationToken);
        if (person is null)
            return Count(refusal!);
        return await StoreAsync(person, await ExamineAsync(picture, ClassOf(source), cancellationToken), source, isAnother: static _ => false, cancellationToken);
    }

    /// <inheritdoc cref="EnrolAsync(string, string, ReadOnlyMemory{byte}, string, CancellationToken)"/>
    /// <param name="picture">Its pixels must not change until the task has ended.</param>
    public async Task<EnrolmentResult> EnrolAsync(string tenant, string personNumber, RgbPicture picture, string source, CancellationToken cancellationToken)
    {
        ThrowIfNoSource(source);
        var (person, refusal) = await FindAsync(tenant, personNumber, cancellationToken);
        if (person is null)
            return Count(refusal!);
        return await StoreAsync(person, await ExamineAsync(picture, ClassOf(source), cancellationToken), source, isAnother: static _ => false, cancellationToken);
    }

    /// <summary>
    /// Enrols somebody although the face resembles another person's: twins, whom an operator has seen side by side. Doors may take one for the other. That they are two is written down
    /// (<see cref="LookalikeRow"/>), and further pictures of either need not be told again.
    /// </summary>
    public async Task<EnrolmentResult> EnrolLookalikeAsync(string tenant, string personNumber, ReadOnlyMemory<byte> picture, string source, CancellationToken cancellationToken)
    {
        ThrowIfNoSource(source);
        var (person, refusal) = await FindAsync(tenant, personNumber, cancellationToken);
        if (person is null)
            return Count(refusal!);
        return await StoreAsync(person, await ExamineAsync(picture, ClassOf(source), cancellationToken), source, isAnother: static _ => true, cancellationToken);
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
            var quality = faces.Judge(picture, found[0]);
            var worth = quality.Worth;
            if (worth < options.LeastQuality)
            {
                var refusal = EnrolmentResult.Refused(
                    EnrolmentCode.PoorQuality, $"The face cannot be enrolled from this picture: {quality.Describe()}. Take another one: near, sharp, in even light, looking at the camera.",
                    string.Create(CultureInfo.InvariantCulture, $"quality {worth:0.00}, at least {options.LeastQuality:0.00} (Gallery:LeastQuality)"), worth);
                return FaceExamination.Refused(refusal with { Fault = quality.Fault });
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
        catch (InferenceFailedException failed)
        {
            // This picture's fault, or a moment's: whoever brought more of them goes on with the next.
            return FaceExamination.Refused(EnrolmentResult.Refused(EnrolmentCode.UnreadablePicture, "The server could not examine this picture. Take another one.", failed.Message));
        }
    }

    /// <summary>Stores the face, unless it is somebody else's, this person's already, or there is no room.</summary>
    /// <param name="isAnother">Whether somebody says that whoever has this number is another person, however alike.</param>
    internal async Task<EnrolmentResult> StoreAsync(PersonRow person, FaceExamination face, string source, Predicate<string> isAnother, CancellationToken cancellationToken)
    {
        if (face.Refusal is { } refusal)
            return Count(refusal);
        while (true)
        {
            await gallery.CatchUpAsync(cancellationToken);
            var seen = gallery.Revision;
            var (why, resembled) = await CompareAsync(person, face, isAnother, cancellationToken);
            if (why is not null)
                return Count(why);
            var template = Seal(person, face, source);
            var said = resembled.Select(other => new LookalikeRow { PersonId = person.Id, OtherId = other.Person.Id, Similarity = other.Similarity, Source = source }).ToList();
            switch (await people.AddTemplateAsync(template, said, unlessSince: seen, cancellationToken))
            {
                case AddedTemplate.Stored:
                    var note = resembled.Count == 0 ? "" : $"written down as another person than {string.Join(", ", resembled.Select(Describe))}";
                    return Count(new EnrolmentResult(true, template.Id, "Enrolled.") { Code = EnrolmentCode.Enrolled, Quality = face.Worth, OperatorNote = note });
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

    /// <summary>Why the face cannot be stored; else whom it resembles, of whom it is said now that they are others.</summary>
    private async Task<(EnrolmentResult? Refusal, List<GalleryMatch> Resembled)> CompareAsync(
        PersonRow person, FaceExamination face, Predicate<string> isAnother, CancellationToken cancellationToken)
    {
        var resembled = new List<GalleryMatch>();
        var own = gallery.Verify(person.Tenant, person.Number, face.Embedding.Span);
        if (own is { Similarity: >= SamePicture } same)
            return (new EnrolmentResult(false, same.TemplateId, "This picture is enrolled already.") { Code = EnrolmentCode.AlreadyEnrolled, Quality = face.Worth }, resembled);
        var others = new List<string> { person.Id };
        HashSet<string>? known = null;
        while (gallery.Search(person.Tenant, face.Embedding.Span, CollectionsMarshal.AsSpan(others), out _) is { } nearest && nearest.Similarity >= options.DuplicateSimilarity)
        {
            known ??= [.. (await people.LookalikesOfAsync(person.Id, cancellationToken)).Select(lookalike => lookalike.PersonId)];
            if (!known.Contains(nearest.Person.Id))
            {
                if (!isAnother(nearest.Person.Number) || resembled.Count == MostLookalikes)
                    return (KnownAs(nearest, face.Worth), resembled);
                resembled.Add(nearest);
            }

            others.Add(nearest.Person.Id);
        }

        return (own is { } mine && mine.Similarity < options.SamePersonSimilarity ? NotThisPerson(mine, face.Worth) : RefuseForRoom(person, face), resembled);
    }

    private EnrolmentResult? RefuseForRoom(PersonRow person, FaceExamination face)
    {
        if (gallery.CountOf(person.Tenant, person.Id) >= options.MaxTemplatesPerPerson)
            return EnrolmentResult.Refused(EnrolmentCode.TooManyTemplates, $"{options.MaxTemplatesPerPerson} pictures of this person are enrolled already (Gallery:MaxTemplatesPerPerson). Remove one of them first.", quality: face.Worth);
        return gallery.IsFull
            ? EnrolmentResult.Refused(EnrolmentCode.GalleryFull, "There is no room for more faces. Tell whoever runs the server.", $"Gallery:MaxTemplates is {options.MaxTemplates}", face.Worth)
            : null;
    }

    private static EnrolmentResult KnownAs(GalleryMatch other, double worth) => EnrolmentResult.Refused(
        EnrolmentCode.KnownAsAnother,
        "This face is enrolled for somebody else already. If that is you, ask for one of the two entries to be removed; if it is somebody who looks like you, ask an operator to enrol you in person.",
        $"it is {Describe(other)}",
        worth);

    /// <summary>Whoever steps in front of the camera between two pictures would open doors under another's name.</summary>
    private EnrolmentResult NotThisPerson(GalleryMatch mine, double worth) => EnrolmentResult.Refused(
        EnrolmentCode.NotThisPerson,
        "This face is unlike the ones that are enrolled for this number. Let the right person stand alone before the camera; if the old pictures are somebody else's, withdraw the consent, record it anew, and enrol again.",
        string.Create(CultureInfo.InvariantCulture, $"similarity {mine.Similarity:0.00} to the nearest of this number, at least {options.SamePersonSimilarity:0.00} (Gallery:SamePersonSimilarity)"),
        worth);

    private static string Describe(GalleryMatch other) => string.Create(CultureInfo.InvariantCulture, $"number {other.Person.Number}, with a similarity of {other.Similarity:0.00}");

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
