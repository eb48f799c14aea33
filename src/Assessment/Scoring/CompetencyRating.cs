using System.Text.Json.Serialization;

namespace MediaScore.Assessment.Scoring;

/// <summary>Why there is no rating. Never a low score: a person decides.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NotAssessedReason>))]
public enum NotAssessedReason
{
    NotAnswered, NoConsent, NoModel, NoSpeech, AudioUnusable, NoTranscript, TooLittleSaid, NotCompared, OffTopic,
}

/// <summary>How one answer shows one competency.</summary>
/// <param name="Rating">1.0 to 5.0 in steps of 0.1; null = not assessed.</param>
/// <param name="NotAssessed">Set exactly when <paramref name="Rating"/> is null.</param>
/// <param name="Reason">The same in words, with figures; empty when assessed.</param>
/// <param name="Confidence">0 to 1 in steps of 0.01; 0 when not assessed.</param>
/// <param name="Parts">What the rating is made of; empty when not assessed. Shares add up to 1.</param>
/// <param name="Signs">Which structural signs were found, for the reader.</param>
/// <param name="Quotes">Best first; a rating has at least one.</param>
/// <param name="Notes">What a reader should know: why confidence is low, that delivery was left out.</param>
public sealed record CompetencyRating(
    string QuestionId, string CompetencyId, double? Rating, NotAssessedReason? NotAssessed, string Reason, double Confidence,
    IReadOnlyList<RatingPart> Parts, IReadOnlyList<StructuralSign> Signs, IReadOnlyList<EvidenceQuote> Quotes, IReadOnlyList<RatingNote> Notes);

/// <summary>One part of a rating.</summary>
/// <param name="Level">1 to 5, steps of 0.1.</param>
/// <param name="Share">0 to 1.</param>
public sealed record RatingPart(RatingPartKind Kind, double Level, double Share);

/// <summary>Where a part comes from. Anchors and structure are content; the face has no part.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RatingPartKind>))]
public enum RatingPartKind { Anchors, Structure, Delivery }

/// <summary>What a well-built answer shows (situation, action, result; figures; reasons).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StructuralSign>))]
public enum StructuralSign { Situation, Action, Result, Figures, Reasons, Detail }

/// <summary>Words of the candidate that a rating rests on.</summary>
/// <param name="SentenceIndex">Into the answer's sentences.</param>
/// <param name="StartMs">On the interview's clock; of a written answer, when it was sent.</param>
/// <param name="AnchorLevel">The level whose anchor or example is nearest.</param>
/// <param name="Similarity">Cosine, two decimals.</param>
public sealed record EvidenceQuote(int SentenceIndex, string Text, long StartMs, long EndMs, int AnchorLevel, double Similarity);

/// <summary>What a reader should know about one rating.</summary>
/// <param name="Text">In English, with figures; a page in another language words it by kind.</param>
public sealed record RatingNote(RatingNoteKind Kind, string Text);

/// <summary>Kinds of notes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RatingNoteKind>))]
public enum RatingNoteKind { LittleSaid, RecogniserUnsure, SoundPoor, LevelsClose, TopicUnchecked, MaybeOffTopic, DeliveryNotPermitted, DeliverySoundPoor, DeliveryTooShort }
