using MediaScore.Pipelines.Audio;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Audio;

public class WordTimesTests
{
    [Fact]
    public void Words_share_the_speech_by_their_length_and_leave_out_the_pause()
    {
        // 1 s of speech from 0.32 s, 0.512 s pause, 1 s of speech.
        var windows = Enumerable.Range(0, 100).Select(i => new SoundWindow(i is >= 10 and < 42 or >= 58 and < 90 ? 0.9f : 0.1f, 0.01f, 0, 0)).ToList();
        var span = new UtteranceSpan(0, 51_200, 5_120, 46_080, UtteranceCut.Silence, windows, 0);

        var words = WordTimes.Estimate("first second", span, 0.35f);

        words.Select(word => word.Text).ShouldBe(["first", "second"]);
        words[0].Range.Start.TotalSeconds.ShouldBe(0.32, 0.001);
        words[0].Range.End.TotalSeconds.ShouldBe(0.32 + 2.048 * 6 / 13, 0.001);
        words[1].Range.Start.ShouldBe(words[0].Range.End);
        words[1].Range.End.TotalSeconds.ShouldBe(2.88, 0.001);
    }

    [Fact]
    public void Times_ascend_and_lie_inside_the_utterance_whatever_the_text()
    {
        var random = new Random(2);
        for (var round = 0; round < 200; round++)
        {
            var windows = Enumerable.Range(0, 1 + random.Next(60)).Select(_ => new SoundWindow((float)random.NextDouble(), 0.01f, 0, 0)).ToList();
            var span = new UtteranceSpan(3_000, 3_000 + windows.Count * 512, 3_000, 3_000 + windows.Count * 512, UtteranceCut.Silence, windows, 3_072);
            var text = string.Join(' ', Enumerable.Range(0, random.Next(12)).Select(_ => new string('a', 1 + random.Next(15))));

            var words = WordTimes.Estimate(text, span, 0.5f);

            words.ShouldAllBe(word => word.Range.Start <= word.Range.End && word.Range.Start >= span.Range.Start && word.Range.End <= span.Range.End);
            foreach (var (one, next) in words.Zip(words.Skip(1)))
                next.Range.Start.ShouldBeGreaterThanOrEqualTo(one.Range.Start);
        }
    }
}
