using MediaScore.Assessment.Plans;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Scoring;

/// <summary>
/// A first, honest rater: how near the answer's sentences are to the plan's behavioural anchors, and how completely the answer is built. It has not been validated
/// against human raters; its confidence stays at 0.7 or below, and sentence embeddings are weak on negation ("I would never ..."), so a person reads the quotes.
/// </summary>
public sealed class AnchorAndStructureRater : IAnswerRater
{
    /// <summary>No sentence is nearer than this to any anchor: the answer shows none of the behaviour that is asked for, on no level.</summary>
    // Answers about something else, and praise of oneself, reach 0.20 to 0.25 with MiniLM; poor answers to the question 0.45 and more.
    internal const double OffTopicBelow = 0.3;

    // Within content: what was said weighs more than how completely it was built.
    private const double AnchorShare = 0.6;

    private const int MaxQuotes = 3;

    public string Id => "anchor-and-structure/2";

    public CompetencyRating Rate(AnswerEvidence evidence)
    {
        var counting = CountingSentences.Of(evidence.Sentences, evidence.Question.Text.In(evidence.Language));
        var structure = AnswerStructure.Of([.. counting.Select(s => s.Text)], evidence.Language);
        var comparison = AnchorComparison.Of(evidence.Similarities, counting.Select(s => s.Index).ToHashSet());
        if (EvidenceGate.Refuse(evidence, structure.WordCount, comparison) is { } refused)
            return new CompetencyRating(evidence.Question.Id, evidence.Competency.Id, null, refused.Kind, refused.Reason, 0, [], [], [], []);

        var confidence = RatingConfidence.Of(evidence, structure.WordCount, comparison!);
        var notes = confidence.Notes.ToList();
        var delivery = Delivery(evidence, notes);
        var deliveryShare = delivery is null ? 0 : evidence.Competency.DeliveryShare;
        var anchorShare = structure.Level is null ? 1 - deliveryShare : AnchorShare * (1 - deliveryShare);
        var parts = new List<RatingPart> { new(RatingPartKind.Anchors, Tenth(comparison!.Level), anchorShare) };
        if (structure.Level is { } structureLevel)
            parts.Add(new RatingPart(RatingPartKind.Structure, Tenth(structureLevel), 1 - deliveryShare - anchorShare));
        if (delivery is not null)
            parts.Add(new RatingPart(RatingPartKind.Delivery, Tenth(delivery.Level), deliveryShare));

        // From the rounded parts, so that a reader can add them up.
        var rating = Tenth(Math.Clamp(parts.Sum(p => p.Level * p.Share), 1, 5));
        return new CompetencyRating(
            evidence.Question.Id, evidence.Competency.Id, rating, null, "", confidence.Value, [.. parts.Select(p => p with { Share = Math.Round(p.Share, 3) })],
            structure.Signs, Quotes(evidence, comparison), notes);
    }

    /// <summary>Null where delivery has no part in this competency or could not be measured.</summary>
    private static SpokenDelivery? Delivery(AnswerEvidence evidence, List<RatingNote> notes)
    {
        if (evidence.Competency.DeliveryShare <= 0 || evidence.Mode == AnswerMode.Text)
            return null;
        if (!evidence.Permitted.HasFlag(Modality.Prosody))
        {
            notes.Add(new RatingNote(RatingNoteKind.DeliveryNotPermitted, "delivery was left out: not permitted"));
            return null;
        }

        var sound = SoundUsability.Of(evidence.AudioQuality);
        if (sound.Measured && sound.Good < 0.5)
        {
            notes.Add(new RatingNote(RatingNoteKind.DeliverySoundPoor, "delivery was left out: the sound is not good enough"));
            return null;
        }

        var delivery = SpokenDelivery.Of(evidence.Prosody, evidence.UsualSyllablesPerSecond);
        if (delivery is null)
            notes.Add(new RatingNote(RatingNoteKind.DeliveryTooShort, "delivery was left out: too little speech was measured"));
        return delivery;
    }

    private static List<EvidenceQuote> Quotes(AnswerEvidence evidence, AnchorComparison comparison)
    {
        var near = comparison.Best.Where(b => b.Cosine >= OffTopicBelow).Take(MaxQuotes).ToList();
        return
        [
            .. (near.Count > 0 ? near : [comparison.Best[0]]).Select(b =>
            {
                var sentence = evidence.Sentences.First(s => s.Index == b.SentenceIndex);
                return new EvidenceQuote(
                    b.SentenceIndex, sentence.Text, sentence.Range.Start.Microseconds / 1000, sentence.Range.End.Microseconds / 1000, b.Level, Math.Round(b.Cosine, 2));
            }),
        ];
    }

    private static double Tenth(double value) => Math.Round(value, 1, MidpointRounding.AwayFromZero);
}
