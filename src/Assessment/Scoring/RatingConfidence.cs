using MediaScore.Assessment.Plans;

namespace MediaScore.Assessment.Scoring;

/// <summary>How far a rating can be trusted, and what a reader should know about it.</summary>
internal sealed record RatingConfidence(double Value, IReadOnlyList<RatingNote> Notes)
{
    // Not yet validated against human raters, so never surer than this.
    private const double Ceiling = 0.7;

    private const double AmpleWords = 120;

    public static RatingConfidence Of(AnswerEvidence evidence, int wordCount, AnchorComparison comparison)
    {
        var notes = new List<RatingNote>();
        var amount = Between(wordCount, EvidenceGate.FewestWords, AmpleWords, floor: 0.3);
        if (wordCount < 40)
            notes.Add(new RatingNote(RatingNoteKind.LittleSaid, $"little was said ({wordCount} words)"));
        var heard = Heard(evidence, notes);
        var sound = Sound(evidence, notes);
        var margin = Between(comparison.Margin, 0, 0.1, floor: 0.4);
        if (comparison.Margin < 0.03)
            notes.Add(new RatingNote(RatingNoteKind.LevelsClose, "the answer is about equally near to several levels"));

        // A chain is as strong as its weakest link: much text that was badly heard is not half good.
        var evidenceStrength = Math.Min(amount, Math.Min(heard, sound));
        return new RatingConfidence(Math.Round(Ceiling * evidenceStrength * Math.Sqrt(margin * Topic(comparison, notes)), 2), notes);
    }

    private static double Heard(AnswerEvidence evidence, List<RatingNote> notes)
    {
        if (evidence.Mode == AnswerMode.Text)
            return 1;
        var seconds = evidence.Transcripts.Where(t => t.Text.Length > 0).Sum(t => t.Range.Duration.TotalSeconds);
        if (seconds <= 0)
            return 0.5;
        var mean = evidence.Transcripts.Where(t => t.Text.Length > 0).Sum(t => t.MeanLogProbability * t.Range.Duration.TotalSeconds) / seconds;
        if (mean < -0.6)
            notes.Add(new RatingNote(RatingNoteKind.RecogniserUnsure, "the recogniser was unsure of many words"));
        return Between(mean, -1.1, -0.1, floor: 0.2);
    }

    private static double Sound(AnswerEvidence evidence, List<RatingNote> notes)
    {
        if (evidence.Mode == AnswerMode.Text)
            return 1;
        var sound = SoundUsability.Of(evidence.AudioQuality);
        if (!sound.Measured)
            return 0.8;
        var usable = sound.Good + (0.5 * sound.Poor);
        if (usable < 0.7)
            notes.Add(new RatingNote(RatingNoteKind.SoundPoor, $"the sound was poor ({sound.Poor:P0} poor, {sound.Unusable:P0} unusable)"));
        return Math.Max(0.2, usable);
    }

    private static double Topic(AnchorComparison comparison, List<RatingNote> notes)
    {
        if (comparison.TopicNearness is not { } topic)
        {
            notes.Add(new RatingNote(RatingNoteKind.TopicUnchecked, "whether the answer is on the topic was not checked"));
            return 0.7;
        }

        var nearness = Math.Max(topic, comparison.Nearness);
        if (nearness < 0.35)
            notes.Add(new RatingNote(RatingNoteKind.MaybeOffTopic, "the answer may be off the topic"));
        return Between(nearness, AnchorAndStructureRater.OffTopicBelow, 0.45, floor: 0.4);
    }

    /// <summary>Linear from <paramref name="floor"/> at <paramref name="low"/> to 1 at <paramref name="high"/>.</summary>
    private static double Between(double value, double low, double high, double floor) =>
        floor + ((1 - floor) * Math.Clamp((value - low) / (high - low), 0, 1));
}
