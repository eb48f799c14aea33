using MediaScore.Load.Sweeps;

namespace MediaScore.Load.Tests.Sweeps;

public sealed class SweepOptionsTests
{
    [Fact]
    public void What_belongs_to_each_run_is_left_for_it()
    {
        var (options, others) = SweepOptions.Parse(["--transport", "grpc", "--sweep", "1,10,25", "--repeat", "2", "--seconds", "60"]);

        options.Loads.ShouldBe([1, 10, 25]);
        options.Repeats.ShouldBe(2);
        options.IsSweep.ShouldBeTrue();
        others.ShouldBe(["--transport", "grpc", "--seconds", "60"]);
    }

    [Fact]
    public void All_words_behind_table_are_folders() => SweepOptions.Parse(["--table", "a", "b"]).Options.Tables.ShouldBe(["a", "b"]);

    [Theory]
    [InlineData("--table")]
    [InlineData("--find-knee --repeat 3")]
    [InlineData("--sweep 1,x")]
    [InlineData("--sweep 100000")]
    [InlineData("--seconds 3 --table a")]
    public void What_makes_no_sense_is_refused_with_a_reason(string words) => Should.Throw<FormatException>(() => SweepOptions.Parse(words.Split(' '))).Message.ShouldStartWith("--");
}
