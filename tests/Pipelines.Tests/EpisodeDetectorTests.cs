namespace MediaScore.Pipelines.Tests;

public class EpisodeDetectorTests
{
    [Fact]
    public void One_episode_is_told_once_and_again_only_after_it_was_over()
    {
        var episode = new EpisodeDetector(3);

        Steps(episode, "xx").ShouldBe(0);
        Steps(episode, "xxxxx.xx.xxx").ShouldBe(1);
        Steps(episode, "...").ShouldBe(0);
        episode.Active.ShouldBeFalse();
        Steps(episode, "xxx").ShouldBe(1);
    }

    [Fact]
    public void Flicker_below_half_of_the_steps_is_no_episode_unless_steps_that_hold_weigh_more()
    {
        var flicker = string.Concat(Enumerable.Repeat("x.x..", 40));

        Steps(new EpisodeDetector(10), flicker).ShouldBe(0);
        Steps(new EpisodeDetector(10, gain: 2), flicker).ShouldBe(1);
    }

    private static int Steps(EpisodeDetector episode, string steps) => steps.Count(step => episode.Step(step == 'x'));
}
