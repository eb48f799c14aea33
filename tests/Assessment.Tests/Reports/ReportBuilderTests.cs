using MediaScore.Assessment.Reports;
using MediaScore.Assessment.Scoring;
using MediaScore.Assessment.Tests.Plans;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Tests.Reports;

public sealed class ReportBuilderTests
{
    private static readonly string GoldenPath = Path.Combine(SharedTestData.RepositoryRoot, "tests", "Assessment.Tests", "Reports", "sample.report.json");

    /// <summary>Every change of a score or a field shows here. Intended: run once with <c>MEDIASCORE_UPDATE_GOLDEN=1</c> and read the difference.</summary>
    [Fact]
    public void The_sample_interview_gives_the_golden_report()
    {
        var json = ReportJson.Write(SampleInterview.Report());
        if (Environment.GetEnvironmentVariable("MEDIASCORE_UPDATE_GOLDEN") == "1")
            File.WriteAllBytes(GoldenPath, json);

        ReportComparer.Compare(File.ReadAllBytes(GoldenPath), json).ShouldBeEmpty();
        json.ShouldBe(File.ReadAllBytes(GoldenPath));
    }

    [Fact]
    public void Shuffled_and_doubled_observations_give_the_same_bytes()
    {
        var expected = ReportJson.Write(SampleInterview.Report());
        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            var timeline = SampleInterview.Timeline();
            timeline.AddRange(timeline.Where(_ => random.Next(3) == 0).ToList());
            var shuffled = timeline.ToArray();
            random.Shuffle(shuffled);

            ReportJson.Write(ReportBuilder.Build(SamplePlans.StoreManager, shuffled, SampleInterview.Metadata)).ShouldBe(expected, $"round {round}");
        }
    }

    [Fact]
    public void A_timeline_read_back_from_its_bytes_gives_the_same_report()
    {
        var readBack = SampleInterview.Timeline().Select(o => ObservationSerializer.TryRead(ObservationSerializer.Write(o), out var read, out var reason) ? read : throw new InvalidOperationException(reason)).ToList();

        ReportJson.Write(ReportBuilder.Build(SamplePlans.StoreManager, readBack, SampleInterview.Metadata)).ShouldBe(ReportJson.Write(SampleInterview.Report()));
    }

    [Fact]
    public void Connections_that_come_and_go_leave_no_trace()
    {
        var timeline = SampleInterview.Timeline();
        timeline.Add(new ConnectionChanged(MediaRange.At(MediaTime.FromSeconds(60)), false, "network"));

        ReportJson.Write(ReportBuilder.Build(SamplePlans.StoreManager, timeline, SampleInterview.Metadata)).ShouldBe(ReportJson.Write(SampleInterview.Report()));
    }

    /// <summary>Earlier versions compared each utterance with what had been answered before it, which was a matter of load.</summary>
    [Fact]
    public void A_pace_that_was_compared_while_the_interview_ran_changes_nothing()
    {
        var timeline = SampleInterview.Timeline().Select((o, i) => o is UtteranceProsody prosody ? prosody with { RelativeRate = i % 2 == 0 ? null : 3 } : o).ToList();

        ReportJson.Write(ReportBuilder.Build(SamplePlans.StoreManager, timeline, SampleInterview.Metadata)).ShouldBe(ReportJson.Write(SampleInterview.Report()));
    }

    [Fact]
    public void What_was_compared_before_an_answer_was_heard_again_counts_for_nothing_and_is_not_quoted()
    {
        var timeline = SampleInterview.Timeline();
        var stale = timeline.OfType<AnchorSimilarity>().Select(s => s with { Cosine = 0.99, SentenceHash = new AnswerSentence(0, "what was heard first", s.Range).ComputeHash() }).ToList();

        var report = ReportBuilder.Build(SamplePlans.StoreManager, [.. timeline, .. stale], SampleInterview.Metadata);

        ReportJson.Write(report).ShouldBe(ReportJson.Write(SampleInterview.Report()));
    }

    [Fact]
    public void The_last_take_counts_and_the_others_are_listed()
    {
        var question = SampleInterview.Report().Stages[0].Questions[0];

        question.Attempts.Select(a => (a.Attempt, a.EndReason, a.Counts)).ShouldBe([(1, StageEndReason.Abandoned, false), (2, StageEndReason.Answered, true)]);
        question.Answer!.Sentences[0].Text.ShouldStartWith("First I would walk");
        question.Answer.Sentences.ShouldAllBe(s => !s.Text.Contains("begin again", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_quote_is_a_sentence_of_its_answer_with_the_same_times()
    {
        foreach (var question in SampleInterview.Report().Stages.SelectMany(s => s.Questions))
        {
            foreach (var quote in question.Ratings.SelectMany(r => r.Quotes))
                question.Answer!.Sentences.ShouldContain(new ReportSentence(quote.SentenceIndex, quote.Text, quote.StartMs, quote.EndMs));
            question.Ratings.ShouldAllBe(r => r.Rating == null || r.Quotes.Count > 0);
        }
    }

    [Fact]
    public void Quality_sums_up_sound_and_picture()
    {
        var quality = SampleInterview.Report().Quality;

        quality.Sound!.GoodShare.ShouldBe(0.879);
        quality.Sound.PoorShare.ShouldBe(0.121);
        quality.Picture!.PictureCount.ShouldBe(45);
        quality.Picture.FaceShare.ShouldBe(0.944);
        quality.Picture.LooksAtCameraShare.ShouldBeNull("the eu profile does not permit gaze");
        quality.Track.Where(t => t.Kind == "face-none").ShouldBe([new ReportTrackSpan("face-none", 85_000, 95_000)]);
    }

    [Fact]
    public void Gaze_is_shown_only_where_it_was_permitted()
    {
        FaceSample Face(double second, bool looks) =>
            new(MediaRange.At(MediaTime.FromSeconds(second)), 1, new FaceFinding(new FaceBox(0.3, 0.2, 0.7, 0.8), 0.9, 0, 0, 0, looks));
        InterviewReport Build(Modality permitted) => ReportBuilder.Build(
            SamplePlans.StoreManager,
            [new InterviewStarted(MediaRange.At(MediaTime.Zero), "en", permitted, "store-manager", "", "default"), Face(1, true), Face(6, true), Face(11, false)],
            SampleInterview.Metadata);

        Build(SampleInterview.Consent).Quality.Picture!.LooksAtCameraShare.ShouldBe(0.667);
        Build(SampleInterview.Consent & ~Modality.Gaze).Quality.Picture!.LooksAtCameraShare.ShouldBeNull();
    }

    [Fact]
    public void What_was_withheld_is_listed_with_its_reason()
    {
        var policy = SampleInterview.Report().Policy;

        policy.Withheld.Select(w => w.Modality).ShouldBe([Modality.Gaze, Modality.Expression, Modality.FaceIdentity]);
        policy.Withheld.ShouldAllBe(w => w.Reason.StartsWith("policy eu: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_observed_is_a_report_in_which_nothing_is_assessed()
    {
        var report = ReportBuilder.Build(SamplePlans.StoreManager, [], SampleInterview.Metadata);

        report.Overall.Rating.ShouldBeNull();
        report.Overall.Coverage.ShouldBe(0);
        report.Stages.SelectMany(s => s.Questions).SelectMany(q => q.Ratings).ShouldAllBe(r => r.NotAssessed == NotAssessedReason.NotAnswered);
        report.Notes.Select(n => n.Kind).ShouldContain(ReportNoteKind.NoEnd);
    }

    [Fact]
    public void Of_two_transcripts_of_one_utterance_the_surer_one_is_shown()
    {
        var timeline = SampleInterview.Timeline();
        var first = timeline.OfType<UtteranceTranscript>().First(t => t.Text.StartsWith("So as a result", StringComparison.Ordinal));
        timeline.Add(first with { Text = "So as a result the dream notices it.", Words = [], MeanLogProbability = -1.2 });
        timeline.Add(first with { Text = "", Words = [], MeanLogProbability = -0.01, Rejected = "repetition" });

        ReportJson.Write(ReportBuilder.Build(SamplePlans.StoreManager, timeline, SampleInterview.Metadata)).ShouldBe(ReportJson.Write(SampleInterview.Report()));
    }

    [Fact]
    public void An_answer_without_its_end_ends_where_the_next_one_begins()
    {
        var timeline = SampleInterview.Timeline().Where(o => o is not StageEnded).ToList();

        var report = ReportBuilder.Build(SamplePlans.StoreManager, timeline, SampleInterview.Metadata);

        report.Stages[0].Questions[0].Attempts.Select(a => (a.StartMs, a.EndMs, a.EndReason)).ShouldBe([(4_000, 25_000, null), (25_000, 92_000, null)]);
        report.Stages[2].Questions[0].Attempts[0].EndMs.ShouldBe(368_000);
    }

    [Fact]
    public void A_written_answer_just_after_its_limit_belongs_to_its_answer_and_so_does_what_was_said_of_it()
    {
        MediaRange At(double second) => MediaRange.At(MediaTime.FromSeconds(second));
        var report = ReportBuilder.Build(
            SamplePlans.StoreManager,
            [
                new InterviewStarted(At(0), "zh", Modality.Text, "store-manager", "", "default"),
                new StageStarted(At(0), "weekend-promotion", "weekend-promotion-plan", 1),
                new StageEnded(At(1500), "weekend-promotion", "weekend-promotion-plan", 1, StageEndReason.TimeLimit),
                new WrittenAnswer(At(1502), "weekend-promotion", "weekend-promotion-plan", 1, new string('好', 60)),
                new NotAnalysed(At(1502), Modality.Text, "no model for zh"),
            ],
            SampleInterview.Metadata);

        var question = report.Stages[1].Questions[0];
        question.Attempts.ShouldHaveSingleItem().EndMs.ShouldBe(1_502_000);
        question.Ratings.ShouldAllBe(r => r.NotAssessed == NotAssessedReason.NoModel && r.Reason == "no model for zh");
    }

    [Fact]
    public void A_picture_that_load_left_out_counts_unless_the_final_pass_made_up_for_it()
    {
        var timeline = SampleInterview.Timeline();
        timeline.Add(new FrameSkipped(MediaRange.At(MediaTime.FromSeconds(2)), "load"));
        timeline.Add(new FrameSkipped(MediaRange.At(MediaTime.FromSeconds(91)), "load"));

        ReportBuilder.Build(SamplePlans.StoreManager, timeline, SampleInterview.Metadata).Quality.Picture!.SkippedCount.ShouldBe(1);
    }
}
