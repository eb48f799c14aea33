using MediaScore.Assessment.Policy;
using MediaScore.Assessment.Reports;
using MediaScore.Assessment.Tests.Plans;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Tests.Reports;

/// <summary>
/// A whole interview by the store manager's plan, made up: a first take given up, a second one, a written answer, a spoken one with a noisy part. Similarities are
/// set by hand: <c>near</c> to one level and falling off to both sides.
/// </summary>
internal static class SampleInterview
{
    public const Modality Consent =
        Modality.Audio | Modality.Video | Modality.Transcript | Modality.Prosody | Modality.FacePresence | Modality.Gaze | Modality.Text | Modality.FaceIdentity;

    private static readonly ModelStamp Vad = new("silero-vad", "1.0.3+0a1b2c3d");
    private static readonly ModelStamp Recogniser = new("moonshine-tiny-en", "0.1.29+c6fc4b7b");
    private static readonly ModelStamp Encoder = new("minilm-l6-en", "24.9.52193+6fd5d72f");
    private static readonly ModelStamp Face = new("blazeface", "1.2.0+9e8d7c6b");

    public static ReportMetadata Metadata { get; } = new(
        "itv-7f3k2m9q", "ref-20418", Consent, new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 2, 9, 37, 2, TimeSpan.Zero));

    private sealed record Line(double Start, double End, string Text, string? Competency = null, int Level = 3, double Cosine = 0.4, double LogProbability = -0.18);

    private static readonly Line[] LateDish =
    [
        new(27.2, 32.9, "First I would walk over to the table myself and listen without interrupting, because forty minutes is far too long.", "communication", 4, 0.58),
        new(33.8, 38.6, "I would say I am sorry you have waited so long, I understand that you are upset, and it is our responsibility.", "communication", 4, 0.66),
        new(39.5, 44.1, "Then I go to the kitchen and check whether the ticket was lost or whether the station is overloaded.", "problem-solving", 3, 0.55),
        new(45.2, 51.7, "If it takes longer than five minutes, I offer the guest a choice, either another dish that is ready now or the original one in ten minutes, and I take it off the bill.", "problem-solving", 4, 0.63),
        new(53.9, 58.8, "Um, I would bring the dish to the table myself and also have a word with the two tables beside it.", "communication", 5, 0.49, -0.31),
        new(60.1, 66.4, "When they leave I ask whether everything was all right in the end, and I invite them to come back.", "communication", 5, 0.52),
        new(67.3, 76.9, "Last year we had the same problem every Saturday, so we put a warning on the screen at fifteen minutes, and late dishes fell from eight to two an evening.", "problem-solving", 5, 0.68),
        new(78.2, 82.0, "So as a result the team notices it before the guest does.", "problem-solving", 5, 0.44),
    ];

    private static readonly Line[] Motivation =
    [
        new(322.4, 328.2, "I would ask her for a quiet talk, away from the others, at the start of the shift.", "empathy", 4, 0.47),
        new(329.1, 334.8, "First I say that I value what she has done for us, and that I have noticed the last four weeks were different.", "empathy", 5, 0.55),
        new(335.9, 340.6, "Then I ask openly whether something has happened, at work or at home, and I let her talk.", "empathy", 4, 0.61),
        new(341.7, 349.3, "After that we look at three examples together and agree on two goals for the next three weeks.", "leadership", 4, 0.64),
        new(350.6, 356.1, "I would pair her with a colleague on busy evenings and sit down with her every Friday.", "leadership", 4, 0.57, -0.42),
        new(357.9, 363.0, "If nothing changes I also have to be honest about what follows, because the team needs to see that it is fair.", "leadership", 5, 0.46, -0.55),
    ];

    private const string Promotion =
        """
        Goal: eighty more guests each weekend for the next four weekends.
        Our own figures show that Sunday from two to five is empty, so we offer families an afternoon set for 68 with a free drink for children.
        Members hear of it through our app on Thursday, new guests through the delivery platform and the school next door.
        The set costs us 28, so at forty sets a day we earn 1,600 more; flyers, one extra server and the drinks cost 900 for each weekend, and 3,600 is the limit for all four.
        The chef tests the set by Wednesday, the shift leader plans one more server by Thursday, and I check the stock on Friday.
        The kitchen can do thirty sets an hour, so we take reservations in two rounds.
        Every Monday I compare guests, sales and cost with the weekend before; if we have fewer than forty extra guests after the second weekend, we change the offer.
        """;

    private static readonly (string Competency, int Level, double Cosine)[] PromotionNearness =
    [
        ("traffic", 4, 0.41), ("traffic", 4, 0.62), ("traffic", 4, 0.55), ("cost-control", 4, 0.66), ("feasibility", 4, 0.6), ("feasibility", 4, 0.58), ("cost-control", 5, 0.5),
    ];

    public static InterviewReport Report() => ReportBuilder.Build(SamplePlans.StoreManager, Timeline(), Metadata);

    public static List<Observation> Timeline()
    {
        var timeline = new List<Observation>
        {
            new InterviewStarted(At(0), "en", PolicyProfile.Find("eu")!.Permit(Consent), "store-manager", new string('a', 64), "eu"),
            new ConnectionChanged(At(0), true, "opened"),
            new StageStarted(At(4), "late-dish", "late-dish-response", 1),
            new StageEnded(At(21), "late-dish", "late-dish-response", 1, StageEndReason.Abandoned),
            new StageStarted(At(25), "late-dish", "late-dish-response", 2),
            new StageEnded(At(84.5), "late-dish", "late-dish-response", 2, StageEndReason.Answered),
            new StageStarted(At(92), "weekend-promotion", "weekend-promotion-plan", 1),
            new WrittenAnswer(At(311), "weekend-promotion", "weekend-promotion-plan", 1, Promotion),
            new StageEnded(At(311), "weekend-promotion", "weekend-promotion-plan", 1, StageEndReason.Answered),
            new StageStarted(At(318), "falling-results", "falling-results-talk", 1),
            new StageEnded(At(366), "falling-results", "falling-results-talk", 1, StageEndReason.Answered),
            new QualityWarning(Span(352, 362), WarningKind.Noisy),
            new QualityWarning(Span(10, 14), WarningKind.Dark),
            new MediaGap(Span(86.2, 87.4), "audio", GapReasons.PacketsLost),
            new InterviewEnded(At(368), InterviewEndReason.PlanCompleted),
            new FinalPassDone(At(368), [Encoder, Face, Recogniser, Vad]),
            new UtteranceTranscript(Span(364.1, 365.2), "en", "", [], -1.9, "low-confidence") { Model = Recogniser },
            new SpeechSegment(Span(364.1, 365.2), UtteranceCut.StageEnd) { Model = Vad },
        };
        timeline.AddRange(Spoken([new(5.1, 12.4, "Well, I would, um, tell them that the kitchen is busy and, sorry, can I begin again?", LogProbability: -0.4)], "late-dish-response", 1));
        timeline.AddRange(Spoken(LateDish, "late-dish-response", 2));
        timeline.AddRange(Spoken(Motivation, "falling-results-talk", 1));
        timeline.AddRange(Similarities(
            "weekend-promotion-plan", 1, AnswerText.Sentences(timeline.OfType<WrittenAnswer>().Single()).Select((s, i) => (s, PromotionNearness[i]))));
        for (var second = 0; second < 90; second += 2)
            timeline.Add(new PictureSample(At(second), 640, 480, second is >= 10 and < 14 ? 0.12 : 0.46, 180, second is >= 10 and < 14 ? QualityVerdict.Poor : QualityVerdict.Good));
        for (var second = 0; second < 90; second += 5)
            timeline.Add(new FaceSample(At(second), second == 85 ? 0 : 1, second == 85 ? null : new FaceFinding(new FaceBox(0.3, 0.2, 0.7, 0.8), 0.93, null, null, null, null)) { Model = Face });
        return timeline;
    }

    private static IEnumerable<Observation> Spoken(Line[] lines, string questionId, int attempt)
    {
        foreach (var (index, line) in lines.Index())
        {
            var range = Span(line.Start, line.End);
            var words = line.Text.Split(' ');
            var length = (line.End - line.Start) / words.Length;
            var noisy = line.Start is > 350 and < 360;
            yield return new SpeechSegment(range, UtteranceCut.Silence) { Model = Vad };
            yield return new UtteranceTranscript(
                range, "en", line.Text, [.. words.Select((w, i) => new TimedWord(w, Span(line.Start + (i * length), line.Start + ((i + 1) * length))))], line.LogProbability)
            { Model = Recogniser };
            yield return new AudioQuality(range, noisy ? 9.4 : 27.5, -24.2, 0, 0.02, noisy ? QualityVerdict.Poor : QualityVerdict.Good);
            yield return new UtteranceProsody(range, 182, 7.1, -25, TimeSpan.FromSeconds(index == 0 ? 1.4 : 0.9), 0.12, index < 3 ? 3.75 : 3.9, null, line.Text.Contains("um", StringComparison.OrdinalIgnoreCase) ? 1 : 0, words.Length);
        }

        foreach (var similarity in Similarities(questionId, attempt, lines.Where(l => l.Competency is not null).Select((l, i) => (new AnswerSentence(i, l.Text, Span(l.Start, l.End)), (l.Competency!, l.Level, l.Cosine)))))
            yield return similarity;
    }

    /// <summary>Every sentence against the question and, for each competency of the question, against all five levels.</summary>
    private static IEnumerable<Observation> Similarities(string questionId, int attempt, IEnumerable<(AnswerSentence Sentence, (string Competency, int Level, double Cosine) Near)> sentences)
    {
        var competencies = SamplePlans.StoreManager.FindQuestion(questionId)!.Competencies.Select(c => c.CompetencyId).ToList();
        foreach (var (sentence, near) in sentences)
        {
            var (index, range, hash) = (sentence.Index, sentence.Range, sentence.ComputeHash());
            yield return new AnchorSimilarity(range, questionId, attempt, "", 0, index, Math.Round(near.Cosine - 0.08, 3)) { Model = Encoder, SentenceHash = hash };
            foreach (var competency in competencies)
            {
                var top = competency == near.Competency ? near.Cosine : near.Cosine - 0.2;
                for (var level = 1; level <= 5; level++)
                    yield return new AnchorSimilarity(range, questionId, attempt, competency, level, index, Math.Round(top - (0.07 * Math.Abs(level - near.Level)), 3)) { Model = Encoder, SentenceHash = hash };
            }
        }
    }

    private static MediaRange At(double seconds) => MediaRange.At(MediaTime.FromSeconds(seconds));

    private static MediaRange Span(double start, double end) => new(MediaTime.FromSeconds(start), MediaTime.FromSeconds(end));
}
