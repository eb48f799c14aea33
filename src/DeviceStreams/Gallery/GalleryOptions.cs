using System.ComponentModel.DataAnnotations;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>Whom doors know by the face, and which pictures may be enrolled. Section <c>Gallery</c>.</summary>
public sealed class GalleryOptions
{
    /// <summary>Templates that are held in memory, all tenants together; more are neither enrolled nor loaded. Default 100000.</summary>
    // 2.6 KB each, so 260 MB; a search over all of them costs what bench/README.md says.
    [Range(1, 2_000_000)] public int MaxTemplates { get; set; } = 100_000;

    /// <summary>Templates of one person. Default 5.</summary>
    // With and without glasses, a beard, a cap, and one taken at the door; more only bring strangers nearer.
    [Range(1, 50)] public int MaxTemplatesPerPerson { get; set; } = 5;

    /// <summary>Seconds between two looks of a running server whether another process, such as the command line, changed people. Default 2.</summary>
    // One number is read each time. Somebody who was blocked at a desk must not get through a door a minute later.
    [Range(1, 3_600)] public int RefreshSeconds { get; set; } = 2;

    /// <summary>Cosine from which a face counts as another enrolled person's, and is refused until somebody says that they are two. Default 0.45.</summary>
    // Looser than a door's 0.50: a wrong refusal costs a look at two people, somebody who is there twice walks by each block. Of 127 photos of people who were enrolled with another one, 4 pass
    // (at 0.60: 21); of 10,508 pairs of two people's photos 1 is held up (bench/Faces). At 0.40 one more of the 127 is noticed, and 13 are held up.
    [Range(0.0, 1.0)] public double DuplicateSimilarity { get; set; } = 0.45;

    /// <summary>Least cosine of a further picture to one that is enrolled under the same number; less is somebody else who stepped in front of the camera. Default 0.30; 0: any face is taken.</summary>
    // All of 127 photos of people who were enrolled with another one lie above 0.30, and 93 of 10,508 pairs of two people's photos (bench/Faces, duplicates).
    [Range(0.0, 1.0)] public double SamePersonSimilarity { get; set; } = 0.30;

    /// <summary>What a face must be worth to be enrolled, 0 to 1. Default 0.5.</summary>
    // A door takes faces from 0.35 on: what it compares them with for years should be better than what it sees in passing.
    [Range(0.0, 1.0)] public double LeastQuality { get; set; } = 0.5;

    /// <summary>Largest picture that is decoded for an enrolment, in megapixels. Default 50.</summary>
    // What telephones send; 75 MB while it is decoded.
    [Range(1, 64)] public int MaxPictureMegapixels { get; set; } = 50;
}
