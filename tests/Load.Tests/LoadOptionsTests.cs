namespace MediaScore.Load.Tests;

public sealed class LoadOptionsTests
{
    [Theory]
    [InlineData("--interviews", "301")]
    [InlineData("--seconds", "7201")]
    [InlineData("--seconds", "28801", "--scenario", "churn")]
    [InlineData("--speech", "1")]
    [InlineData("--interviews", "0")]
    [InlineData("--interviews", "0", "--terminals", "1", "--faces", "f", "--scenario", "churn")]
    [InlineData("--terminals", "5")]
    [InlineData("--terminals", "201", "--faces", "f")]
    [InlineData("--terminal-rate", "21")]
    [InlineData("--scenario", "flood")]
    [InlineData("--scenario", "7")]
    [InlineData("--server", "10.0.0.1")]
    [InlineData("--set", "Inference")]
    [InlineData("--seconds")]
    public void What_is_not_allowed_is_refused_with_its_name(params string[] words) =>
        Should.Throw<FormatException>(() => LoadOptions.Parse(words)).Message.ShouldContain(words[0]);

    [Fact]
    public void An_overload_counts_both_parts_and_the_event_into_its_length() =>
        Should.Throw<FormatException>(() => LoadOptions.Parse(["--scenario", "overload", "--seconds", "3600"])).Message.ShouldContain("at most 7200");

    [Fact]
    public void Candidates_come_and_go_for_eight_hours_at_most() =>
        LoadOptions.Parse(["--scenario", "churn", "--seconds", "28000", "--interviews", "80"]).Whole.TotalHours.ShouldBe(8, 0.3);

    [Fact]
    public void A_warm_up_that_was_asked_for_waits_for_nothing_more()
    {
        LoadOptions.Parse([]).CompilerWait.ShouldBe(TimeSpan.FromMinutes(1));
        LoadOptions.Parse(["--warm-up", "20"]).CompilerWait.ShouldBe(TimeSpan.Zero);
        LoadOptions.Parse(["--scenario", "churn"]).CompilerWait.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Terminals_may_be_measured_alone_and_the_command_names_them()
    {
        var options = LoadOptions.Parse(["--interviews", "0", "--seconds", "30", "--terminals", "20", "--terminal-rate", "2.5", "--faces", "faces"]);

        (options.Interviews, options.Terminals, options.TerminalRate, options.Faces).ShouldBe((0, 20, 2.5, "faces"));
        options.Command.ShouldBe("make load ARGS='--transport webrtc --interviews 0 --seconds 30 --terminals 20 --terminal-rate 2.5 --faces faces'");
    }

    [Fact]
    public void The_command_gives_the_same_run_again()
    {
        string[] words = ["--transport", "grpc", "--interviews", "50", "--seconds", "30", "--scenario", "churn", "--life", "60", "--speech", "0.5", "--seed", "7", "--set", "A:B=c"];

        var options = LoadOptions.Parse(words);

        options.Command.ShouldBe("make load ARGS='--transport grpc --interviews 50 --seconds 30 --scenario churn --life 60 --speech 0.5 --seed 7 --set A:B=c'");
    }
}
