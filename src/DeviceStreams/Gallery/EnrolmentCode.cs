namespace MediaScore.DeviceStreams.Gallery;

/// <summary>How an enrolment ended. Programs rely on the names, which are written with dashes (<c>poor-quality</c>).</summary>
public enum EnrolmentCode
{
    Enrolled,

    /// <summary>The person has this very face already; nothing was stored.</summary>
    AlreadyEnrolled,

    /// <summary>Nobody has this number.</summary>
    UnknownPerson,

    /// <summary>The person has not agreed, or has withdrawn: the picture was not looked at.</summary>
    NoConsent,

    /// <summary>Neither JPEG nor PNG, or damaged; or a model failed on it.</summary>
    UnreadablePicture,

    PictureTooLarge,

    NoFace,

    SeveralFaces,

    PoorQuality,

    /// <summary>The face is another enrolled person's.</summary>
    KnownAsAnother,

    /// <summary>The face is unlike those that are enrolled for this number.</summary>
    NotThisPerson,

    TooManyTemplates,

    /// <summary>The server's gallery has no room.</summary>
    GalleryFull,

    /// <summary>A face model is not prepared.</summary>
    ModelMissing,
}
