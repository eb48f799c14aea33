using MediaScore.TestMedia;

namespace MediaScore.LossTable;

/// <summary>What was measured of one scenario.</summary>
/// <param name="Fault">Why the interview was lost; null where it was not.</param>
/// <param name="SoundPercent">Recorded packets of sound, of those that the microphone made.</param>
/// <param name="PicturesPercent">The same of pictures.</param>
/// <param name="KeyFramesAsked">PLI and FIR that reached the sender.</param>
/// <param name="SoundHole">Longest time between two recorded packets of sound on the interview's clock.</param>
/// <param name="PicturesHole">The same of pictures.</param>
/// <param name="Standstill">Longest time on the wall for which nothing new was recorded.</param>
internal sealed record Outcome(
    Scenario Scenario, string? Fault, TimeSpan Connect, double SoundPercent, double PicturesPercent, WordErrorRate Words, long KeyFramesAsked, TimeSpan SoundHole, TimeSpan PicturesHole,
    TimeSpan Standstill, int Disconnects, int Restarts);
