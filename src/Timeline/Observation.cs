using System.Text.Json.Serialization;

namespace MediaScore.Timeline;

/// <summary>
/// Something seen, heard or decided about one interview: immutable, with the stretch of media it speaks of. Everything later
/// (scores, evidence, clips, reports) is computed from observations alone. On disk: docs/formats/timeline.md.
/// </summary>
/// <param name="Range">The media this speaks of.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(InterviewStarted), "interview-started")]
[JsonDerivedType(typeof(StageStarted), "stage-started")]
[JsonDerivedType(typeof(StageEnded), "stage-ended")]
[JsonDerivedType(typeof(WrittenAnswer), "written-answer")]
[JsonDerivedType(typeof(InterviewEnded), "interview-ended")]
[JsonDerivedType(typeof(ConnectionChanged), "connection-changed")]
[JsonDerivedType(typeof(MediaGap), "media-gap")]
[JsonDerivedType(typeof(FrameSkipped), "frame-skipped")]
[JsonDerivedType(typeof(QualityWarning), "quality-warning")]
[JsonDerivedType(typeof(NotAnalysed), "not-analysed")]
[JsonDerivedType(typeof(AnalysisFault), "analysis-fault")]
[JsonDerivedType(typeof(SpeechSegment), "speech-segment")]
[JsonDerivedType(typeof(AudioQuality), "audio-quality")]
[JsonDerivedType(typeof(UtteranceTranscript), "transcript")]
[JsonDerivedType(typeof(UtteranceProsody), "prosody")]
[JsonDerivedType(typeof(PictureSample), "picture")]
[JsonDerivedType(typeof(FaceSample), "face")]
[JsonDerivedType(typeof(AnchorSimilarity), "anchor-similarity")]
[JsonDerivedType(typeof(RaterOpinion), "rater-opinion")]
[JsonDerivedType(typeof(FinalPassDone), "final-pass-done")]
public abstract record Observation(MediaRange Range)
{
    /// <summary>The model and version that made it; null where no model was needed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelStamp? Model { get; init; }

    /// <summary>How sure its maker is, 0 to 1; null where that has no meaning.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Confidence { get; init; }
}

/// <summary>Which weights said it.</summary>
/// <param name="Id">The model's id in models/catalog.json.</param>
/// <param name="Version">The package version and the first 8 hex digits of the prepared file's SHA-256: <c>0.1.29+c6fc4b7b</c>.</param>
public sealed record ModelStamp(string Id, string Version);
