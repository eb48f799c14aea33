using MediaScore.Load.Sweeps;

namespace MediaScore.Load.Tests.Sweeps;

public sealed class KneeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(87)]
    [InlineData(200)]
    public async Task The_largest_load_that_is_carried_is_found_within_a_twentieth(int knee)
    {
        var found = await Knee.FindAsync(10, 300, load => Task.FromResult(load <= knee));

        found.ShouldBeLessThanOrEqualTo(knee);
        // A knee of one is one: nothing but the truth is within a twentieth of it.
        found.ShouldBeGreaterThanOrEqualTo(Math.Max(1, (int)Math.Floor(knee * 0.95)));
    }

    [Fact]
    public async Task Nothing_beyond_the_most_is_tried()
    {
        var tried = new List<int>();

        var found = await Knee.FindAsync(10, 60, load =>
        {
            tried.Add(load);
            return Task.FromResult(true);
        });

        found.ShouldBe(60);
        tried.ShouldBe([10, 20, 40, 60]);
    }

    [Theory]
    [InlineData(0, "Not even one")]
    [InlineData(87, "The knee: 87")]
    [InlineData(300, "No knee was found: 300 interviews are carried, and the limit of this program is reached.")]
    public void A_knee_that_is_the_programs_own_limit_is_none(int knee, string says) => Knee.Sentence(knee, 300).ShouldStartWith(says);

    [Fact]
    public async Task Where_not_even_one_is_carried_the_answer_is_none() =>
        (await Knee.FindAsync(10, 300, _ => Task.FromResult(false))).ShouldBe(0);

    [Fact]
    public async Task A_load_that_misses_the_goals_is_run_once_more_before_it_counts()
    {
        var tried = new List<int>();

        var found = await Knee.FindAsync(50, 50, load =>
        {
            tried.Add(load);
            return Task.FromResult(tried.Count == 2);
        });

        found.ShouldBe(50);
        tried.ShouldBe([50, 50]);
    }
}
