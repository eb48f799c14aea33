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

    private static List<string> Sentences(MediaRange answer, params UtteranceTranscript[] transcripts) => [.. AnswerText.Sentences(transcripts, answer).Select(s => s.Text)];

    private static MediaRange Range(long startMs, long endMs) => new(MediaTime.FromMilliseconds(startMs), MediaTime.FromMilliseconds(endMs));

    private static UtteranceTranscript Said(long startMs, long endMs, string text) => new(Range(startMs, endMs), "en", text, [], -0.2);
}
