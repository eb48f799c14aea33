namespace MediaScore.Timeline.Tests;

public sealed class AnswerTextTests
{
    private static readonly MediaRange First = Range(10_000, 20_000);
    private static readonly MediaRange Second = Range(20_000, 30_000);

    [Fact]
    public void Who_begins_to_speak_just_before_the_start_loses_nothing() =>
        Sentences(First, Said(9_700, 15_000, "I would go to the table.")).ShouldBe(["I would go to the table."]);

    [Fact]
    public void An_utterance_over_the_border_of_two_answers_belongs_to_the_one_that_has_most_of_it()
    {
        var utterance = Said(19_000, 24_000, "And the second one is this.");

        Sentences(First, utterance).ShouldBeEmpty();
        Sentences(Second, utterance).ShouldBe(["And the second one is this."]);
    }

    [Fact]
    public void What_was_said_before_and_after_belongs_to_no_answer() =>
        Sentences(First, Said(4_000, 9_000, "Is it on?"), Said(21_000, 22_000, "That was it.")).ShouldBeEmpty();

    [Fact]
    public void What_was_compared_with_other_words_at_the_same_place_does_not_speak_of_the_sentence_that_stands()
    {
        var live = AnswerText.Sentences([Said(10_000, 15_000, "I would sell the bear.")], First);
        var refined = AnswerText.Sentences([Said(10_000, 15_000, "I would tell the bar.")], First);
        var similarities = new[] { Similarity(live[0]), Similarity(refined[0]), Similarity(refined[0]) with { SentenceIndex = 1 }, Similarity(refined[0]) with { SentenceIndex = -1 } };

        live[0].Range.ShouldBe(refined[0].Range);
        AnswerText.OfStanding(similarities, refined).ShouldBe([similarities[1]]);
        AnswerText.OfStanding(similarities, live).ShouldBe([similarities[0]]);
    }

    [Fact]
    public void What_an_earlier_version_compared_speaks_of_the_sentence_of_the_same_stretch()
    {
        var standing = AnswerText.Sentences([Said(10_000, 15_000, "I would tell the bar.")], First);
        var same = Similarity(standing[0]) with { SentenceHash = null };
        var other = same with { Range = Range(10_000, 14_000) };

        AnswerText.OfStanding([same, other], standing).ShouldBe([same]);
    }

    [Fact]
    public void The_hash_of_a_sentence_is_the_beginning_of_its_sha_256() =>
        new AnswerSentence(0, "abc", First).ComputeHash().ShouldBe("ba7816bf"); // FIPS 180-2, B.1

    private static AnchorSimilarity Similarity(AnswerSentence sentence) =>
        new(sentence.Range, "q", 1, "c", 4, sentence.Index, 0.5) { SentenceHash = sentence.ComputeHash() };

    private static List<string> Sentences(MediaRange answer, params UtteranceTranscript[] transcripts) => [.. AnswerText.Sentences(transcripts, answer).Select(s => s.Text)];

    private static MediaRange Range(long startMs, long endMs) => new(MediaTime.FromMilliseconds(startMs), MediaTime.FromMilliseconds(endMs));

    private static UtteranceTranscript Said(long startMs, long endMs, string text) => new(Range(startMs, endMs), "en", text, [], -0.2);
}
