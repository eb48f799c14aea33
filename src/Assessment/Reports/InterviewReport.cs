using System.Text.Json.Serialization;
using MediaScore.Assessment.Scoring;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Reports;

/// <summary>
/// What a person reads and checks against the recording. Numbers are already rounded as they are written; times are milliseconds on the interview's clock.
/// As JSON: docs/formats/report.md and report.schema.json.
/// </summary>
public sealed record InterviewReport(
    string Format, ReportInterview Interview, ReportPlan Plan, ReportPolicy Policy, ReportOverall Overall, IReadOnlyList<ReportCompetency> Competencies,
    IReadOnlyList<ReportStage> Stages, ReportQuality Quality, IReadOnlyList<ReportWarning> Warnings, IReadOnlyList<ReportGap> Gaps,
    IReadOnlyList<ReportNotAnalysed> NotAnalysed, IReadOnlyList<ReportFault> Faults, IReadOnlyList<ModelStamp> Models, IReadOnlyList<ReportNote> Notes)
{
    public const string CurrentFormat = "mediascore.report/1";
}

/// <summary>Which interview.</summary>
/// <param name="Id">Volatile.</param>
/// <param name="CreatedAt">Volatile.</param>
/// <param name="EndedAt">Volatile.</param>
/// <param name="EndReason">Null where the timeline has no end.</param>
public sealed record ReportInterview(
    string Id, string CandidateReference, DateTimeOffset? CreatedAt, DateTimeOffset? EndedAt, string Language, long DurationMs, InterviewEndReason? EndReason);

/// <summary>By which plan.</summary>
public sealed record ReportPlan(string Id, int Version, string Title, string? Sha256);

/// <summary>What was allowed.</summary>
/// <param name="Profile">Policy profile in force.</param>
/// <param name="Withheld">What was not extracted because consent or policy say so.</param>
public sealed record ReportPolicy(
    string Profile, string Title, IReadOnlyList<Modality> Consent, IReadOnlyList<Modality> Permitted, IReadOnlyList<ReportWithheld> Withheld);

public sealed record ReportWithheld(Modality Modality, string Reason);

/// <summary>The rating of the whole.</summary>
/// <param name="Rating">1 to 5; null where nothing could be assessed.</param>
/// <param name="Coverage">Share of the plan's weight that was assessed, 0 to 1.</param>
/// <param name="Rater">Which rater made the ratings.</param>
/// <param name="Decision">Always <c>person</c>: the machine decides nothing.</param>
public sealed record ReportOverall(double? Rating, double Confidence, double Coverage, string Rater, string Decision);

/// <summary>One competency over all its questions.</summary>
/// <param name="Anchors">The five levels as the plan words them, so that a reader can judge the rating.</param>
public sealed record ReportCompetency(
    string Id, string Name, string Definition, double Weight, double? Rating, double Confidence, double Coverage, int AssessedQuestionCount, int QuestionCount,
    IReadOnlyList<ReportAnchor> Anchors);

public sealed record ReportAnchor(int Level, string Text);

public sealed record ReportStage(string Id, string Title, string Mode, IReadOnlyList<ReportQuestion> Questions);

/// <summary>One question, its takes, and the answer that counts.</summary>
/// <param name="Answer">The last take; null where the question was not answered.</param>
/// <param name="Attempts">Every take, in order.</param>
public sealed record ReportQuestion(
    string Id, string Text, int TimeLimitSeconds, int Rerecords, IReadOnlyList<ReportAttempt> Attempts, ReportAnswer? Answer,
    IReadOnlyList<CompetencyRating> Ratings);

/// <param name="Counts">True for the last take only.</param>
public sealed record ReportAttempt(int Attempt, long StartMs, long EndMs, StageEndReason? EndReason, bool Counts);

/// <summary>What was said or written, and how it could be heard.</summary>
/// <param name="SpeechMs">Sum of its utterances; 0 for a written answer.</param>
/// <param name="MeanLogProbability">Of the recogniser, weighted by utterance length; null without a transcript.</param>
/// <param name="Delivery">Null where it was not permitted or not measured.</param>
public sealed record ReportAnswer(
    IReadOnlyList<ReportSentence> Sentences, int WordCount, long SpeechMs, double? MeanLogProbability, ReportDelivery? Delivery,
    IReadOnlyList<ReportWithheldText> WithheldTexts);

public sealed record ReportSentence(int Index, string Text, long StartMs, long EndMs);

/// <summary>An utterance whose text was not certain enough to be shown.</summary>
public sealed record ReportWithheldText(long StartMs, long EndMs, string Reason);

/// <summary>How it was said. Figures only; nothing about feelings.</summary>
/// <param name="PauseShare">Pause inside utterances, share of their length.</param>
/// <param name="RelativeRate">Median, 1 = the speaker's usual.</param>
public sealed record ReportDelivery(double FillersPer100Words, double PauseShare, double? RelativeRate, double SyllablesPerSecond, double? PitchRangeSemitones);

/// <summary>Could it be heard and seen?</summary>
public sealed record ReportQuality(ReportSoundQuality? Sound, ReportPictureQuality? Picture, IReadOnlyList<ReportTrackSpan> Track);

/// <param name="GoodShare">Share of the measured sound, by time; with poor and unusable it adds up to 1.</param>
/// <param name="SnrDb">Median.</param>
/// <param name="MusicShare">Share of the measured sound that is more music than speech.</param>
public sealed record ReportSoundQuality(
    double SnrDb, double LevelDbfs, double ClippedShare, double MusicShare, double GoodShare, double PoorShare, double UnusableShare, long SpeechMs);

/// <param name="FaceShare">Share of looked-at pictures with at least one face; null where faces were not looked for.</param>
/// <param name="OneFaceShare">Share with exactly one.</param>
/// <param name="LooksAtCameraShare">Of pictures where it can be said; null where not permitted. Never part of a rating.</param>
/// <param name="SkippedCount">Pictures left out under load.</param>
public sealed record ReportPictureQuality(
    int PictureCount, double? Brightness, double? Sharpness, double GoodShare, int FacePictureCount, double? FaceShare, double? OneFaceShare,
    double? LooksAtCameraShare, int SkippedCount);

/// <summary>One piece of the timeline picture, neighbours of one kind joined.</summary>
/// <param name="Kind"><c>speech</c>, <c>sound-good|poor|unusable</c>, <c>face-one|none|several</c>.</param>
public sealed record ReportTrackSpan(string Kind, long StartMs, long EndMs);

public sealed record ReportWarning(WarningKind Warning, int Count, IReadOnlyList<ReportSpan> Ranges);

public sealed record ReportSpan(long StartMs, long EndMs);

public sealed record ReportGap(string Track, long StartMs, long EndMs, string Reason);

public sealed record ReportNotAnalysed(Modality Modality, string Reason, IReadOnlyList<ReportSpan> Ranges);

public sealed record ReportFault(string Component, string Fault, long StartMs, long EndMs);

/// <summary>What every reader should know.</summary>
/// <param name="Text">In English; a page in another language words it by kind.</param>
public sealed record ReportNote(ReportNoteKind Kind, string Text);

/// <summary>Kinds of notes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReportNoteKind>))]
public enum ReportNoteKind { PersonDecides, FirstVersionRater, FaceNotScored, MissingIsNotLow, LastTakeCounts, NoEnd, FinalPassMissing, UnknownPolicy }
