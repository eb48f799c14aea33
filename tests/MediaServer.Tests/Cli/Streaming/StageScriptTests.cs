using MediaScore.MediaServer.Cli;
using MediaScore.MediaServer.Cli.Streaming;

namespace MediaScore.MediaServer.Tests.Cli.Streaming;

public sealed class StageScriptTests
{
    [Fact]
    public void Times_are_seconds_or_minutes_and_seconds_and_a_question_named_again_is_its_next_take()
    {
        var script = StageScript.Parse("stages:\n - {stage: a, question: q, start: 1.5, end: '1:02.25'}\n - {stage: a, question: q, start: '1:02.25'}", "x");

        script.Answers.ShouldBe(
        [
            new ScriptedAnswer("a", "q", 1, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(62.25), null),
            new ScriptedAnswer("a", "q", 2, TimeSpan.FromSeconds(62.25), null, null),
        ]);
    }

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var fault = Should.Throw<CliException>(() => StageScript.Parse(
            "stages:\n - {stage: a, start: soon, end: 5}\n - {stage: b, question: q, start: 9, end: 7}\n - {stage: c, question: q, start: 2}\n - {stage: c, question: r, end: 30}", "x.stages.yaml"));

        foreach (var words in new[] { "stages[0]: stage and question", "stages[0].start is 'soon'", "stages[1]: end 7 must be after start 9", "stages[2]: end is missing", "stages[2]: start 2 lies before" })
            fault.Message.ShouldContain(words);
    }

    [Fact]
    public void An_unknown_field_is_named_with_its_line()
    {
        var fault = Should.Throw<CliException>(() => StageScript.Parse("stages:\n - {stage: a, question: q, begin: 3}", "x.stages.yaml"));

        fault.Message.ShouldContain("line 2");
        fault.Message.ShouldContain("begin");
    }
}
