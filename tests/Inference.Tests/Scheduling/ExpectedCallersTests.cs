namespace MediaScore.Inference.Tests.Scheduling;

public sealed class ExpectedCallersTests
{
    [Fact]
    public void At_first_one_caller_is_expected() => new ExpectedCallers().Count.ShouldBe(1);

    [Fact]
    public void What_was_seen_at_once_is_expected_again()
    {
        var expected = new ExpectedCallers();

        expected.Saw(5);
        expected.Saw(3);

        expected.Count.ShouldBe(5);
    }

    [Fact]
    public void A_hundred_callers_that_went_away_cost_the_last_one_seven_waits()
    {
        var expected = new ExpectedCallers();
        expected.Saw(100);

        var waits = 0;
        while (expected.Count > 1)
        {
            expected.WaitedInVain(1);
            waits++;
        }

        waits.ShouldBe(7);
    }
}
