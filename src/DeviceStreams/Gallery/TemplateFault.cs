namespace MediaScore.DeviceStreams.Gallery;

/// <summary>Why a stored template is not in memory.</summary>
internal enum TemplateFault
{
    None,

    /// <summary>Of an embedder that is not the one in use.</summary>
    OtherModel,

    /// <summary>The tenant's key does not open it, or it holds no embedding.</summary>
    Unreadable,

    NoRoom,
}
