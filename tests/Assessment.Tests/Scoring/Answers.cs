using MediaScore.Assessment.Plans;
using MediaScore.Assessment.Scoring;
using MediaScore.Assessment.Tests.Plans;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Tests.Scoring;

/// <summary>Evidence for the rater's tests: an answer to the late dish, spoken well and clearly unless a test says otherwise.</summary>
internal static class Answers
{
    public const string Good =
        "First I would walk over to the table and listen, because forty minutes is too long. I would apologise and tell the guest how long it will take. "
        + "Then I check the kitchen and find that the ticket was lost. I offer a choice, either a dish that is ready in five minutes or the original one, and take it off the bill. "
        + "In the end I ask whether everything was all right. Last year late dishes fell from eight to two an evening, as a result of an alarm at fifteen minutes.";

    public const Modality Everything = Modality.Audio | Modality.Video | Modality.Transcript | Modality.Prosody | Modality.Text;

    private static readonly PlanQuestion Question = SamplePlans.StoreManager.FindQuestion("late-dish-response")!;

    public static Competency Communication { get; } = SamplePlans.StoreManager.FindCompetency("communication")!;

    /// <param name="near">Level that every sentence is nearest to.</param>
    public static AnswerEvidence Spoken(string text, int near = 4, double cosine = 0.55, Modality permitted = Everything)
    {
        var end = Math.Max(1, text.Split(' ').Length * 0.4);
        var range = new MediaRange(MediaTime.Zero, MediaTime.FromSeconds(end));
        var transcript = new UtteranceTranscript(range, "en", text, [], -0.15);
        var sentences = AnswerText.Sentences([transcript], range);
        return new AnswerEvidence(
            Question, Communication, AnswerMode.Video, 1, range, "en", permitted, sentences, Similarities(sentences, near, cosine), [new SpeechSegment(range, UtteranceCut.Silence)],
            [transcript], Prosody(range, fillers: 0), 4, [new AudioQuality(range, 28, -24, 0, 0, QualityVerdict.Good)], [], []);
    }

    public static AnswerEvidence Written(string text, int near = 4)
    {
        var sentences = AnswerText.Sentences(new WrittenAnswer(default, "s", Question.Id, 1, text));
        return new AnswerEvidence(
            Question, Communication, AnswerMode.Text, 1, default, "en", Modality.Text, sentences, Similarities(sentences, near, 0.55), [], [], [], null, [], [], []);
    }

    public static IReadOnlyList<UtteranceProsody> Prosody(MediaRange range, int fillers) =>
        [new(range, 180, 6, -25, TimeSpan.Zero, 0.1, 4, null, fillers, 100)];

    public static IReadOnlyList<AnchorSimilarity> Similarities(IReadOnlyList<AnswerSentence> sentences, int near, double cosine) =>
    [
        .. sentences.SelectMany(s => Enumerable.Range(0, 6).Select(level => new AnchorSimilarity(
            s.Range, Question.Id, 1, level == 0 ? "" : "communication", level, s.Index, level == 0 ? cosine - 0.05 : cosine - (0.1 * Math.Abs(level - near))))),
    ];
}
