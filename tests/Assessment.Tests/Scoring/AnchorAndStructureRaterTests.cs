using MediaScore.Assessment.Scoring;
using MediaScore.Assessment.Tests.Plans;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Tests.Scoring;

public sealed class AnchorAndStructureRaterTests
{
    private readonly AnchorAndStructureRater _rater = new();

    [Fact]
    public void A_full_answer_is_rated_with_quotes_and_parts_that_add_up()
    {
        var rating = _rater.Rate(Answers.Spoken(Answers.Good));

        rating.Rating.ShouldNotBeNull().ShouldBeInRange(3.5, 4.6);
        rating.NotAssessed.ShouldBeNull();
        rating.Quotes.Count.ShouldBe(3);
        rating.Quotes.ShouldAllBe(q => q.AnchorLevel == 4 && Answers.Good.Contains(q.Text, StringComparison.Ordinal));
        rating.Parts.Sum(p => p.Share).ShouldBe(1, 0.002);
        rating.Parts.Sum(p => p.Share * p.Level).ShouldBe(rating.Rating.Value, 0.051);
        rating.Signs.ShouldBe([StructuralSign.Situation, StructuralSign.Action, StructuralSign.Result, StructuralSign.Figures, StructuralSign.Reasons, StructuralSign.Detail]);
    }

    [Fact]
    public void The_rating_rises_with_the_level_of_the_nearest_anchor() =>
        Enumerable.Range(1, 5).Select(level => _rater.Rate(Answers.Spoken(Answers.Good, near: level)).Rating!.Value).ShouldBeInOrder(SortDirection.Ascending);

    [Theory]
    [InlineData("Fine.", 1)]
    [InlineData("It was fine.", 3)]
    [InlineData("I would say sorry and ask them to wait a bit.", 11)]
    public void Too_short_an_answer_is_not_rated_however_near_it_is_to_an_anchor(string text, int words)
    {
        var rating = _rater.Rate(Answers.Spoken(text, near: 5, cosine: 0.95));

        rating.Rating.ShouldBeNull();
        rating.NotAssessed.ShouldBe(NotAssessedReason.TooLittleSaid);
        rating.Reason.ShouldBe($"too little said: {words} words, at least 15 are needed");
        rating.Confidence.ShouldBe(0);
    }

    [Fact]
    public void Saying_the_same_again_and_reading_the_question_out_are_not_more_words()
    {
        var repeated = string.Join(' ', Enumerable.Repeat("I would apologise.", 10));
        var echoed = SamplePlans.StoreManager.FindQuestion("late-dish-response")!.Text.In("en");

        _rater.Rate(Answers.Spoken(repeated, near: 5)).NotAssessed.ShouldBe(NotAssessedReason.TooLittleSaid);
        _rater.Rate(Answers.Spoken(echoed, near: 5)).NotAssessed.ShouldBe(NotAssessedReason.TooLittleSaid);
    }

    [Fact]
    public void An_answer_about_something_else_is_not_rated()
    {
        var rating = _rater.Rate(Answers.Spoken(Answers.Good, cosine: 0.2));

        rating.NotAssessed.ShouldBe(NotAssessedReason.OffTopic);
        rating.Reason.ShouldContain("0.20");
    }

    [Fact]
    public void A_short_answer_is_rated_with_little_confidence_and_says_so()
    {
        var shortAnswer = _rater.Rate(Answers.Spoken("I would apologise to the guest and ask the kitchen how long the dish will take, then I tell them."));
        var full = _rater.Rate(Answers.Spoken(Answers.Good));

        shortAnswer.Confidence.ShouldBeLessThan(0.3);
        full.Confidence.ShouldBeInRange(0.45, 0.7);
        shortAnswer.Notes.Select(n => n.Kind).ShouldContain(RatingNoteKind.LittleSaid);
        shortAnswer.Rating!.Value.ShouldBeLessThan(full.Rating!.Value);
    }

    [Fact]
    public void Content_makes_at_least_four_fifths_of_a_rating()
    {
        var rating = _rater.Rate(Answers.Spoken(Answers.Good));

        rating.Parts.Where(p => p.Kind != RatingPartKind.Delivery).Sum(p => p.Share).ShouldBeGreaterThanOrEqualTo(0.8);
        rating.Parts.Select(p => p.Kind).ShouldBe([RatingPartKind.Anchors, RatingPartKind.Structure, RatingPartKind.Delivery]);
    }

    [Fact]
    public void The_worst_delivery_costs_no_more_than_its_share()
    {
        var fluent = Answers.Spoken(Answers.Good);
        var halting = fluent with { Prosody = [fluent.Prosody[0] with { FillerCount = 60, InnerPauseShare = 0.8, SyllablesPerSecond = 12 }] };

        var difference = _rater.Rate(fluent).Rating!.Value - _rater.Rate(halting).Rating!.Value;

        difference.ShouldBeInRange(0.3, 0.8);
    }

    [Fact]
    public void Without_prosody_the_rating_rests_on_content_alone_and_says_why()
    {
        var evidence = Answers.Spoken(Answers.Good, permitted: Answers.Everything & ~Modality.Prosody);

        var rating = _rater.Rate(evidence);

        rating.Parts.Select(p => p.Kind).ShouldBe([RatingPartKind.Anchors, RatingPartKind.Structure]);
        rating.Notes.Select(n => n.Kind).ShouldContain(RatingNoteKind.DeliveryNotPermitted);
        // The parts that are left keep their proportion: nothing is counted as zero.
        rating.Parts.Select(p => p.Share).ShouldBe([0.6, 0.4]);
    }

    [Fact]
    public void Poor_sound_lowers_confidence_and_leaves_delivery_out_but_lowers_no_content()
    {
        var good = Answers.Spoken(Answers.Good);
        var poor = good with { AudioQuality = [good.AudioQuality[0] with { Verdict = QualityVerdict.Poor }] };

        var (rated, muffled) = (_rater.Rate(good), _rater.Rate(poor));

        muffled.Confidence.ShouldBeLessThan(rated.Confidence);
        muffled.Parts.Single(p => p.Kind == RatingPartKind.Anchors).Level.ShouldBe(rated.Parts.Single(p => p.Kind == RatingPartKind.Anchors).Level);
        muffled.Notes.Select(n => n.Kind).ShouldBe([RatingNoteKind.SoundPoor, RatingNoteKind.DeliverySoundPoor]);
    }

    [Fact]
    public void A_written_answer_is_rated_by_content_alone()
    {
        var rating = _rater.Rate(Answers.Written(Answers.Good));

        rating.Rating.ShouldNotBeNull();
        rating.Parts.Select(p => p.Kind).ShouldBe([RatingPartKind.Anchors, RatingPartKind.Structure]);
    }

    [Fact]
    public void Missing_evidence_is_named_and_never_a_low_rating()
    {
        var answer = Answers.Spoken(Answers.Good);
        var silent = answer with { Sentences = [], Transcripts = [], Similarities = [] };
        var noModel = new NotAnalysed(MediaRange.At(MediaTime.Zero), Modality.Transcript, "no model for zh");
        (AnswerEvidence Evidence, NotAssessedReason Kind, string Reason)[] cases =
        [
            (answer with { Attempt = 0 }, NotAssessedReason.NotAnswered, "not answered"),
            (answer with { Permitted = Modality.Audio }, NotAssessedReason.NoConsent, "transcripts are not permitted"),
            (answer with { Permitted = Modality.None }, NotAssessedReason.NoConsent, "sound is not permitted"),
            (silent with { NotAnalysed = [noModel] }, NotAssessedReason.NoModel, "no model for zh"),
            (answer with { Similarities = [], NotAnalysed = [noModel with { Modality = Modality.Text }] }, NotAssessedReason.NoModel, "no model for zh"),
            (silent with { Speech = [] }, NotAssessedReason.NoSpeech, "no speech was heard"),
            (silent with { AudioQuality = [answer.AudioQuality[0] with { Verdict = QualityVerdict.Unusable }] }, NotAssessedReason.AudioUnusable, "100 % of it"),
            (answer with { AudioQuality = [answer.AudioQuality[0] with { Verdict = QualityVerdict.Unusable }] }, NotAssessedReason.AudioUnusable, "cannot be used"),
            (silent with { Transcripts = [answer.Transcripts[0] with { Text = "", Rejected = "repetition" }] }, NotAssessedReason.NoTranscript, "(repetition)"),
            (answer with { Similarities = [] }, NotAssessedReason.NotCompared, "not compared"),
            (Answers.Written(Answers.Good) with { Permitted = Modality.Audio }, NotAssessedReason.NoConsent, "written answers are not permitted"),
            (Answers.Written(Answers.Good) with { Sentences = [] }, NotAssessedReason.NotAnswered, "nothing was written"),
        ];

        foreach (var (evidence, kind, reason) in cases)
        {
            var rating = _rater.Rate(evidence);

            rating.Rating.ShouldBeNull(kind.ToString());
            rating.NotAssessed.ShouldBe(kind);
            rating.Reason.ShouldContain(reason);
            rating.Quotes.ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_reason_that_ends_before_the_text_does_not_stop_a_rating_that_has_its_text() =>
        _rater.Rate(Answers.Spoken(Answers.Good) with { NotAnalysed = [new NotAnalysed(MediaRange.At(MediaTime.Zero), Modality.Gaze, "off")] }).Rating.ShouldNotBeNull();

    [Fact]
    public void Similarities_of_sentences_that_do_not_exist_are_passed_over()
    {
        var answer = Answers.Spoken(Answers.Good);
        var stray = new AnchorSimilarity(answer.Range, "late-dish-response", 1, "communication", 5, 99, 0.99);

        _rater.Rate(answer with { Similarities = [.. answer.Similarities, stray] }).ShouldBeEquivalentTo(_rater.Rate(answer));
    }

    [Fact]
    public void A_chinese_answer_with_similarities_is_rated_by_chinese_signs()
    {
        const string Text = "首先我会走到桌边，向客人道歉，因为等四十分钟太久了。然后我去厨房检查，发现漏单了。我给客人两个选择，五分钟能上的菜或者原来的菜，并免掉这道菜的费用。最后我再次确认客人满意，结果投诉从每晚八次减少到两次。";
        var sentences = AnswerText.Sentences(new WrittenAnswer(default, "s", "late-dish-response", 1, Text));
        var evidence = Answers.Written(Text) with { Language = "zh", Sentences = sentences, Similarities = Answers.Similarities(sentences, 4, 0.55) };

        var rating = _rater.Rate(evidence);

        rating.Rating.ShouldNotBeNull();
        rating.Signs.ShouldContain(StructuralSign.Action);
        rating.Signs.ShouldContain(StructuralSign.Result);
        rating.Quotes.ShouldAllBe(q => Text.Contains(q.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_language_without_a_lexicon_is_rated_by_anchors_alone()
    {
        var rating = _rater.Rate(Answers.Written(Answers.Good) with { Language = "fr" });

        rating.Parts.ShouldHaveSingleItem().ShouldBe(new RatingPart(RatingPartKind.Anchors, rating.Rating!.Value, 1));
    }
}
