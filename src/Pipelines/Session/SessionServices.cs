using MediaScore.Keys;
using MediaScore.Perception.Language;
using MediaScore.Perception.Speech;
using MediaScore.Perception.Vision;
using MediaScore.Recording;
using Microsoft.Extensions.Logging;

namespace MediaScore.Pipelines.Session;

/// <summary>What all sessions of a process share. Owned by the host; a session disposes none of it.</summary>
public sealed class SessionServices
{
    /// <summary>Folder that holds one folder an interview.</summary>
    public required string DataRoot { get; init; }

    public required KeyStore Keys { get; init; }

    /// <summary>Groups the fsyncs of all sessions.</summary>
    public required GroupCommitter Committer { get; init; }

    /// <summary>Null where the model is missing: speech is then stated as not analysed.</summary>
    public VoiceActivityDetector? VoiceActivity { get; init; }

    /// <summary>Null where no recogniser could be loaded.</summary>
    public SpeechRecognizers? Recognizers { get; init; }

    /// <summary>Null where the model is missing.</summary>
    public SentenceEncoder? Encoder { get; init; }

    /// <summary>What the encoder said of the plans' anchors.</summary>
    public Text.AnchorEmbeddings Anchors { get; } = new();

    /// <summary>
    /// Null where the face models are missing; then <see cref="WhyNoFaces"/> says why. It loads the models of a feature when that is first asked for, and a
    /// session asks only for what is permitted.
    /// </summary>
    public FaceAnalyzer? Faces { get; init; }

    public string? WhyNoFaces { get; init; }

    /// <summary>Which key frames are looked at.</summary>
    public Video.VideoPipelineOptions VideoOptions { get; init; } = new();

    /// <summary>How sound is cut into utterances.</summary>
    public Audio.AudioPipelineOptions AudioOptions { get; init; } = new();

    /// <summary>Where time outside the pool is accounted.</summary>
    public PipelineCosts Costs { get; init; } = new(TimeProvider.System);

    /// <summary>Lets final passes take turns; null: each runs when its interview ends.</summary>
    public FinalPass.FinalPassQueue? FinalPasses { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public required ILoggerFactory Loggers { get; init; }
}
