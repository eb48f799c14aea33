namespace MediaScore.MediaServer.Diagnosis;

/// <summary>One fact about this machine.</summary>
/// <param name="Name">What was looked at: <c>cpu</c>, <c>ffmpeg</c>, <c>disk</c>.</param>
/// <param name="Value">What was found, for people.</param>
/// <param name="Cure">What to do about it; null where nothing is to be done.</param>
/// <param name="Facts">The same for programs.</param>
internal sealed record Finding(string Name, FindingVerdict Verdict, string Value, string? Cure = null, IReadOnlyDictionary<string, object>? Facts = null);

internal enum FindingVerdict
{
    Good,

    /// <summary>Interviews run, but slower or with less.</summary>
    Note,

    /// <summary>Interviews cannot run.</summary>
    Fault,
}
