using MediaScore.Pipelines.Audio;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Audio;

public class UtteranceSegmenterTests
{
    private const int Window = SoundWindow.SampleCount;
    private readonly AudioPipelineOptions _options = new();
    private readonly List<UtteranceSpan> _closed = [];
    private readonly UtteranceSegmenter _segmenter;

    public UtteranceSegmenterTests() => _segmenter = new UtteranceSegmenter(_options);

    [Fact]
    public void An_utterance_runs_from_the_padding_before_its_first_to_the_padding_after_its_last_speech_window()
    {
        Add(20, 0.01f);
        Add(30, 0.9f);
        Add(40, 0.01f);

        var span = _closed.ShouldHaveSingleItem();
        span.VoicedStart.ShouldBe(20 * Window);
        span.VoicedEnd.ShouldBe(50 * Window);
        span.Start.ShouldBe(span.VoicedStart - 192 * 16);
        span.End.ShouldBe(span.VoicedEnd + 192 * 16);
        span.Cut.ShouldBe(UtteranceCut.Silence);
        span.Windows.Count.ShouldBe(30 + 12);
    }

    [Fact]
    public void A_pause_shorter_than_the_closing_silence_stays_inside()
    {
        Add(10, 0.9f);
        Add(18, 0.01f);
        Add(10, 0.9f);
        Add(18, 0.01f);
        _closed.ShouldBeEmpty();

        Add(1, 0.01f);

        _closed.ShouldHaveSingleItem().VoicedEnd.ShouldBe(38 * Window);
    }

    [Theory]
    [InlineData(93, 25)]
    [InlineData(94, 16)]
    public void A_short_utterance_waits_longer_for_what_may_still_come(int speechWindows, int silenceWindows)
    {
        // 3 s are 93.75 windows; 800 ms are 25 windows, 500 ms are 16.
        var segmenter = new UtteranceSegmenter(new AudioPipelineOptions { EndSilenceMs = 500, ShortEndSilenceMs = 800, ShortUtteranceMs = 3_000 });
        for (var i = 0; i < speechWindows; i++)
            segmenter.Add(new SoundWindow(0.9f, 0.01f, 0, 0), out _).ShouldBeFalse();
        for (var i = 1; i < silenceWindows; i++)
            segmenter.Add(new SoundWindow(0.01f, 0.01f, 0, 0), out _).ShouldBeFalse();

        segmenter.Add(new SoundWindow(0.01f, 0.01f, 0, 0), out var closed).ShouldBeTrue();
        closed!.VoicedEnd.ShouldBe(speechWindows * Window);
    }

    [Fact]
    public void Between_the_two_thresholds_an_utterance_goes_on_but_none_begins()
    {
        Add(30, 0.4f);
        _segmenter.InUtterance.ShouldBeFalse();

        Add(10, 0.9f);
        Add(30, 0.4f);
        Add(19, 0.01f);

        _closed.ShouldHaveSingleItem().VoicedEnd.ShouldBe(70 * Window);
    }

    [Fact]
    public void Less_speech_than_the_least_is_dropped()
    {
        Add(10, 0.01f);
        Add(3, 0.9f);
        Add(30, 0.01f);

        _closed.ShouldBeEmpty();
        _segmenter.InUtterance.ShouldBeFalse();
    }

    [Fact]
    public void Too_long_an_utterance_is_cut_at_its_quietest_point_and_goes_on_from_there()
    {
        Add(10, 0.01f);
        Add(420, 0.9f);
        Add(3, 0.9f, power: 0.001f);
        Add(100, 0.9f);
        Add(30, 0.01f);

        _closed.Count.ShouldBe(2);
        _closed[0].Cut.ShouldBe(UtteranceCut.LengthLimit);
        _closed[0].End.ShouldBe(431 * Window + Window / 2);
        _closed[1].Start.ShouldBe(_closed[0].End);
        _closed[1].Cut.ShouldBe(UtteranceCut.Silence);
        _closed[1].VoicedEnd.ShouldBe(533 * Window);
    }

    [Fact]
    public void No_utterance_is_longer_than_the_limit_and_none_overlaps_whatever_the_windows()
    {
        var random = new Random(5);
        for (var i = 0; i < 30_000; i++)
            Add(1, random.Next(20) == 0 ? 0.1f : (float)random.NextDouble(), (float)random.NextDouble());

        _closed.Count.ShouldBeGreaterThan(10);
        foreach (var (one, next) in _closed.Zip(_closed.Skip(1)))
            next.Start.ShouldBeGreaterThanOrEqualTo(one.End);
        _closed.ShouldAllBe(span => span.DurationSeconds <= 15.1 && span.Start <= span.VoicedStart && span.VoicedStart < span.VoicedEnd && span.VoicedEnd <= span.End);
    }

    [Fact]
    public void A_marker_ends_the_utterance_where_it_stands_and_no_padding_reaches_back_over_it()
    {
        Add(20, 0.9f);
        EndAt(20 * Window - 100, UtteranceCut.StageEnd);
        Add(20, 0.9f);
        Add(30, 0.01f);

        _closed.Count.ShouldBe(2);
        _closed[0].End.ShouldBe(20 * Window - 100);
        _closed[0].Cut.ShouldBe(UtteranceCut.StageEnd);
        _closed[1].Start.ShouldBeGreaterThanOrEqualTo(20 * Window - 100);
    }

    [Fact]
    public void A_marker_in_silence_makes_no_utterance()
    {
        Add(50, 0.01f);

        EndAt(50 * Window, UtteranceCut.StageEnd);

        _closed.ShouldBeEmpty();
    }

    private void Add(int count, float probability, float power = 0.01f)
    {
        for (var i = 0; i < count; i++)
        {
            if (_segmenter.Add(new SoundWindow(probability, power, 0, 0), out var closed))
                _closed.Add(closed);
        }
    }

    private void EndAt(long position, UtteranceCut cut)
    {
        if (_segmenter.EndAt(position, cut, out var closed))
            _closed.Add(closed);
    }
}
