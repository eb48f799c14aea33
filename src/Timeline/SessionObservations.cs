using System.Text.Json.Serialization;

namespace MediaScore.Timeline;

/// <summary>The first record of every timeline.</summary>
/// <param name="Language">What the candidate will speak, BCP 47 (<c>en</c>, <c>zh</c>).</param>
/// <param name="Permitted">Consent and policy taken together.</param>
/// <param name="PlanId">The plan's id.</param>
/// <param name="PlanSha256">SHA-256 (hex) of the plan's YAML bytes, which are stored beside the interview.</param>
/// <param name="PolicyProfile">Name of the policy profile in force (<c>default</c>, <c>eu</c>, ...).</param>
public sealed record InterviewStarted(MediaRange Range, string Language, Modality Permitted, string PlanId, string PlanSha256, string PolicyProfile)
    : Observation(Range);

/// <summary>A stage, and in it one question, begins.</summary>
/// <param name="Attempt">1 for the first take; a re-record counts up.</param>
public sealed record StageStarted(MediaRange Range, string StageId, string QuestionId, int Attempt) : Observation(Range);

/// <summary>The answer to a question ends at this moment; it began at the <see cref="StageStarted"/> of the same question and attempt.</summary>
public sealed record StageEnded(MediaRange Range, string StageId, string QuestionId, int Attempt, StageEndReason Reason) : Observation(Range);

/// <summary>Why an answer ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StageEndReason>))]
public enum StageEndReason { Answered, TimeLimit, NextStage, InterviewEnded, Recorded, Abandoned }

/// <summary>An answer given in writing.</summary>
/// <param name="Text">As the candidate sent it, at most 20,000 characters.</param>
public sealed record WrittenAnswer(MediaRange Range, string StageId, string QuestionId, int Attempt, string Text) : Observation(Range);

/// <summary>No more media will be accepted.</summary>
public sealed record InterviewEnded(MediaRange Range, InterviewEndReason Reason) : Observation(Range);

/// <summary>Why an interview ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InterviewEndReason>))]
public enum InterviewEndReason { ClientEnded, PlanCompleted, IdleTimeout, LengthLimit, Withdrawn }

/// <summary>A connection came or went. Wall-clock business: volatile, and left out of reports.</summary>
public sealed record ConnectionChanged(MediaRange Range, bool Connected, string Reason) : Observation(Range);

/// <summary>Media of one track that should be there and is not.</summary>
/// <param name="Track">Track name: <c>audio</c> or <c>video</c>.</param>
/// <param name="Reason">One of <see cref="GapReasons"/>.</param>
public sealed record MediaGap(MediaRange Range, string Track, string Reason) : Observation(Range);

/// <summary>Words for <see cref="MediaGap.Reason"/>.</summary>
public static class GapReasons
{
    public const string ClockJumpedForward = "clock-jumped-forward";
    public const string ClockJumpedBackward = "clock-jumped-backward";
    public const string PacketsLost = "packets-lost";
    public const string Undecodable = "undecodable";
    public const string RecordingDamaged = "recording-damaged";
}

/// <summary>A picture that should have been looked at and was not.</summary>
public sealed record FrameSkipped(MediaRange Range, string Reason) : Observation(Range);

/// <summary>Something the candidate can mend now. Shown live, and counted in the report.</summary>
public sealed record QualityWarning(MediaRange Range, WarningKind Warning) : Observation(Range);

/// <summary>What is wrong with the sound or the picture.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WarningKind>))]
public enum WarningKind { TooQuiet, Clipped, Noisy, NoSound, NoFace, SeveralFaces, Dark, Overexposed, Blurred, Music }

/// <summary>Analysis that did not take place, with the reason as people read it: <c>no model for zh</c>, <c>no consent for video</c>.</summary>
public sealed record NotAnalysed(MediaRange Range, Modality Modality, string Reason) : Observation(Range);

/// <summary>A fault at the session's boundary. The interview goes on without that analyser.</summary>
/// <param name="Component">Which analyser.</param>
/// <param name="Fault">Type and message of the exception; never a transcript.</param>
public sealed record AnalysisFault(MediaRange Range, string Component, string Fault) : Observation(Range);

/// <summary>The last record before a report: what the final pass filled from disk.</summary>
/// <param name="Models">Every model that contributed, in ordinal order of id.</param>
public sealed record FinalPassDone(MediaRange Range, IReadOnlyList<ModelStamp> Models) : Observation(Range)
{
    public bool Equals(FinalPassDone? other) =>
        other is not null && Range == other.Range && Model == other.Model && Confidence == other.Confidence && Models.SequenceEqual(other.Models);

    public override int GetHashCode() => HashCode.Combine(Range, Models.Count);
}
