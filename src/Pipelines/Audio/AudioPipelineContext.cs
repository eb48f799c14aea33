using MediaScore.Perception.Speech;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Audio;

/// <summary>All that one interview's <see cref="AudioPipeline"/> works with.</summary>
/// <param name="InterviewId">Names the owner of leaked leases and of log lines.</param>
/// <param name="Permitted">Must hold <see cref="Modality.Audio"/>. Without <see cref="Modality.Transcript"/> the recogniser is never called; without <see cref="Modality.Prosody"/> its analyser is never constructed.</param>
/// <param name="Language">What the candidate speaks, BCP 47.</param>
/// <param name="VoiceActivity">Shared by all interviews.</param>
/// <param name="Recognizer">Shared by all interviews; null where there is none for the language.</param>
/// <param name="WhyNoRecognizer">The reason as people read it (<c>no model for zh</c>), where transcripts are permitted and there is no recogniser.</param>
/// <param name="Sink">Where observations go, in the order of the media.</param>
/// <param name="Options">Checked by the caller.</param>
/// <param name="Known">What an earlier run already wrote.</param>
public sealed record AudioPipelineContext(
    string InterviewId,
    Modality Permitted,
    string Language,
    VoiceActivityDetector VoiceActivity,
    ISpeechRecognizer? Recognizer,
    string? WhyNoRecognizer,
    IObservationSink Sink,
    AudioPipelineOptions Options,
    KnownObservations Known)
{
    /// <summary>Where the time of the sound's own measures is accounted; null: nowhere.</summary>
    public PipelineCosts? Costs { get; init; }

    /// <summary>The clock of <see cref="AudioPipelineOptions.LiveRecognitionSeconds"/>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Utterances that have a transcript get a second, better one beside it. An utterance that was not believed to be speech is not asked of the recogniser.</summary>
    public bool Refines { get; init; }

    /// <summary>Told the level of each window; null: nobody looks.</summary>
    internal LevelMeter? Level { get; init; }
}
