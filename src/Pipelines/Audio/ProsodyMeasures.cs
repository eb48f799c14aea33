namespace MediaScore.Pipelines.Audio;

/// <summary>How one utterance sounds, from its samples alone.</summary>
/// <param name="PitchHz">Median of voiced frames; null with fewer than 5.</param>
/// <param name="PitchRangeSemitones">Between the 10th and the 90th percentile.</param>
/// <param name="LoudnessDbfs">Mean power of voiced frames (of all, where none is voiced).</param>
/// <param name="InnerPauseShare">Share that is pause of 200 ms and more.</param>
/// <param name="SyllablesPerSecond">Nuclei a second of sound, pauses left out.</param>
/// <param name="SoundSeconds">Length without those pauses.</param>
internal readonly record struct ProsodyMeasures(
    double? PitchHz, double? PitchRangeSemitones, double LoudnessDbfs, double InnerPauseShare, double SyllablesPerSecond, double SoundSeconds);
