using MediaScore.Timeline;

namespace MediaScore.Pipelines.Audio;

/// <summary>Where one utterance lies; positions are samples at 16 kHz on the interview's clock.</summary>
/// <param name="Start">With the padding before.</param>
/// <param name="End">With the padding after.</param>
/// <param name="VoicedStart">Of the first speech window.</param>
/// <param name="VoicedEnd">Of the last speech window.</param>
/// <param name="Cut">Why it ended.</param>
/// <param name="Windows">Every window that begins in <c>[Start, End)</c>, in order.</param>
/// <param name="FirstWindowStart">Position of the first of them.</param>
internal sealed record UtteranceSpan(
    long Start, long End, long VoicedStart, long VoicedEnd, UtteranceCut Cut, IReadOnlyList<SoundWindow> Windows, long FirstWindowStart)
{
    public MediaRange Range => new(MediaTime.FromSamples(Start, SoundWindow.SampleRate), MediaTime.FromSamples(End, SoundWindow.SampleRate));

    public double DurationSeconds => (End - Start) / (double)SoundWindow.SampleRate;
}
