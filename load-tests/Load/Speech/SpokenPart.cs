namespace MediaScore.Load.Speech;

/// <summary>One utterance in a clip or in an interview.</summary>
/// <param name="Transcript">What is said.</param>
/// <param name="VoicedStart">First voiced sample, from the beginning of the clip or of the interview's sound.</param>
/// <param name="VoicedEnd">The end of the last one.</param>
/// <param name="ClearEnd">Whether the recording's noise leaves no doubt of it: latencies are timed from clear ends alone.</param>
internal sealed record SpokenPart(string Speaker, string Transcript, TimeSpan VoicedStart, TimeSpan VoicedEnd, bool ClearEnd = true)
{
    public SpokenPart Shift(TimeSpan by) => this with { VoicedStart = VoicedStart + by, VoicedEnd = VoicedEnd + by };
}
