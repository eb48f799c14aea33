namespace MediaScore.DeviceStreams.Access;

/// <summary>What became of one frame.</summary>
internal enum FrameVerdict
{
    Used,
    NoFace,

    /// <summary>A face, and not worth enough.</summary>
    Poor,

    /// <summary>It was not looked at in time.</summary>
    Late,

    /// <summary>A model failed on it, or is missing.</summary>
    Failed,
}
