using MediaScore.Assessment.Plans;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Scoring;

/// <summary>Decides whether an answer can be rated at all. What is missing is named; it never becomes a low rating.</summary>
internal static class EvidenceGate
{
    /// <summary>Two words or "it was fine" show no behaviour. Fifteen words are one full sentence of it.</summary>
    public const int FewestWords = 15;

    /// <returns>Null where the answer can be rated.</returns>
    public static (NotAssessedReason Kind, string Reason)? Refuse(AnswerEvidence evidence, int wordCount, AnchorComparison? comparison)
    {
        if (evidence.Attempt == 0)
            return (NotAssessedReason.NotAnswered, "the question was not answered");
        var refused = evidence.Mode == AnswerMode.Text ? RefuseWritten(evidence) : RefuseSpoken(evidence);
        if (refused is not null)
            return refused;
        if (wordCount < FewestWords)
            return (NotAssessedReason.TooLittleSaid, $"too little said: {wordCount} words, at least {FewestWords} are needed");
        if (comparison is null)
            return NoModel(evidence, Modality.Text | Modality.Transcript) ?? (NotAssessedReason.NotCompared, "the answer was not compared with the plan's anchors");
        if (comparison.Nearness < AnchorAndStructureRater.OffTopicBelow)
            return (NotAssessedReason.OffTopic, $"the answer is near to none of the described behaviours (nearest similarity {Math.Max(0, comparison.Nearness):0.00}); it may be about something else");
        return null;
    }

    private static (NotAssessedReason, string)? RefuseWritten(AnswerEvidence evidence)
    {
        if (!evidence.Permitted.HasFlag(Modality.Text))
            return (NotAssessedReason.NoConsent, "written answers are not permitted");
        return evidence.Sentences.Count == 0 ? (NotAssessedReason.NotAnswered, "nothing was written") : null;
    }

    private static (NotAssessedReason, string)? RefuseSpoken(AnswerEvidence evidence)
    {
        if (!evidence.Permitted.HasFlag(Modality.Audio) || !evidence.Permitted.HasFlag(Modality.Transcript))
            return (NotAssessedReason.NoConsent, evidence.Permitted.HasFlag(Modality.Audio) ? "transcripts are not permitted" : "sound is not permitted");
        var sound = SoundUsability.Of(evidence.AudioQuality);
        if (evidence.Sentences.Count == 0)
        {
            if (NoModel(evidence, Modality.Transcript | Modality.Audio) is { } noModel)
                return noModel;
            if (sound.Unusable > 0.5)
                return (NotAssessedReason.AudioUnusable, $"the sound cannot be used ({sound.Unusable:P0} of it)");
            if (evidence.Speech.Count == 0)
                return (NotAssessedReason.NoSpeech, "no speech was heard");
            var withheld = evidence.Transcripts.Select(t => t.Rejected).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
            return (NotAssessedReason.NoTranscript, withheld.Count == 0 ? "speech was heard, but no certain text" : $"speech was heard, but no certain text ({string.Join(", ", withheld)})");
        }

        return sound.Unusable > 0.5 ? (NotAssessedReason.AudioUnusable, $"the sound cannot be used ({sound.Unusable:P0} of it)") : null;
    }

    private static (NotAssessedReason, string)? NoModel(AnswerEvidence evidence, Modality modalities) =>
        evidence.NotAnalysed.FirstOrDefault(n => (n.Modality & modalities) != Modality.None) is { } missing ? (NotAssessedReason.NoModel, missing.Reason) : null;
}
