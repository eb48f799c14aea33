using System.Diagnostics.CodeAnalysis;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Cuts a stream of 32 ms windows into utterances: begins at the onset probability, ends after the closing silence, cuts what gets too long at its quietest
/// point. A pure function of the windows and markers. Not thread-safe.
/// </summary>
internal sealed class UtteranceSegmenter(AudioPipelineOptions options)
{
    private const int Window = SoundWindow.SampleCount;

    private readonly List<SoundWindow> _windows = new(512);
    private readonly int _endSilence = WholeWindows(options.EndSilenceMs);
    private readonly int _shortEndSilence = WholeWindows(options.ShortEndSilenceMs);
    private readonly int _short = Samples(options.ShortUtteranceMs);
    private readonly int _leastSpeechWindows = WholeWindows(options.LeastSpeechMs) / Window;
    private readonly int _paddingBefore = Samples(options.PaddingBeforeMs);
    private readonly int _paddingAfter = Samples(options.PaddingAfterMs);
    private readonly int _settled = Math.Max(WholeWindows(options.EarlyRecognitionSilenceMs), WholeWindows(options.PaddingAfterMs));
    private readonly int _longest = options.LongestUtteranceSeconds * SoundWindow.SampleRate;
    private readonly int _cutSearchWindows = options.CutSearchSeconds * SoundWindow.SampleRate / Window;

    private long _firstWindowStart;
    private long _floor;
    private long _start;
    private long _voicedStart;
    private long _voicedEnd;

    /// <summary>An utterance runs.</summary>
    public bool InUtterance { get; private set; }

    /// <summary>Position after the last speech window of the utterance that runs.</summary>
    public long VoicedEnd => _voicedEnd;

    /// <summary>Samples until the utterance that runs ends, if no more speech comes.</summary>
    public long SilenceLeft => _voicedEnd + EndSilence - End;

    /// <summary>Samples before this position will not be asked for again.</summary>
    public long KeepFrom => InUtterance ? _start : Math.Max(_floor, End - _paddingBefore - Window);

    // Of the speech alone: it does not change while the silence lasts.
    private int EndSilence => _voicedEnd - _voicedStart < _short ? _shortEndSilence : _endSilence;

    private long End => _firstWindowStart + (long)_windows.Count * Window;

    /// <summary>Takes the next window.</summary>
    /// <returns>Whether it ended an utterance.</returns>
    public bool Add(in SoundWindow window, [NotNullWhen(true)] out UtteranceSpan? closed)
    {
        closed = null;
        var start = End;
        _windows.Add(window);
        if (!InUtterance)
        {
            if (window.Probability < options.OnsetProbability)
            {
                ForgetBefore(KeepFrom);
                return false;
            }

            InUtterance = true;
            _voicedStart = Math.Max(start, _floor);
            _start = Math.Max(_floor, start - _paddingBefore);
            _voicedEnd = End;
            return false;
        }

        if (window.Probability >= options.OffsetProbability)
            _voicedEnd = End;
        else if (End - _voicedEnd >= EndSilence)
            return Close(Math.Min(End, _voicedEnd + _paddingAfter), UtteranceCut.Silence, out closed);

        return End - _start >= _longest && CutLong(out closed);
    }

    /// <summary>
    /// The utterance as it will be if no more speech comes before it ends by silence: its sound is here already, only the closing silence is not over. Says so from
    /// <see cref="AudioPipelineOptions.EarlyRecognitionSilenceMs"/> of silence on.
    /// </summary>
    public bool TryForesee([NotNullWhen(true)] out UtteranceSpan? span)
    {
        span = InUtterance && End - _voicedEnd >= _settled ? SpanTo(Math.Min(End, _voicedEnd + _paddingAfter), UtteranceCut.Silence) : null;
        return span is not null;
    }

    /// <summary>Ends whatever runs at <paramref name="position"/>; nothing later will reach back over it.</summary>
    /// <returns>Whether an utterance ended.</returns>
    public bool EndAt(long position, UtteranceCut cut, [NotNullWhen(true)] out UtteranceSpan? closed)
    {
        closed = null;
        var ended = false;
        if (InUtterance && position > _start)
        {
            _voicedEnd = Math.Min(_voicedEnd, position);
            ended = Close(Math.Min(position, _voicedEnd + _paddingAfter), cut, out closed);
        }

        InUtterance = false;
        _floor = Math.Max(_floor, position);
        return ended;
    }

    /// <summary>The next window begins at <paramref name="windowStart"/> and follows nothing.</summary>
    public void JumpTo(long windowStart)
    {
        _windows.Clear();
        _firstWindowStart = windowStart;
        InUtterance = false;
    }

    private bool CutLong([NotNullWhen(true)] out UtteranceSpan? closed)
    {
        // Over three windows: one quiet window can be the closure of a plosive in the middle of a word.
        var quietest = _windows.Count - 2;
        var least = double.MaxValue;
        for (var i = Math.Max(1, _windows.Count - _cutSearchWindows); i < _windows.Count - 1; i++)
        {
            var power = (double)_windows[i - 1].Power + _windows[i].Power + _windows[i + 1].Power;
            if (power < least)
            {
                least = power;
                quietest = i;
            }
        }

        var cut = _firstWindowStart + (long)quietest * Window + Window / 2;
        var running = _voicedEnd;
        _voicedEnd = Math.Min(_voicedEnd, cut);
        var kept = Close(cut, UtteranceCut.LengthLimit, out closed);

        InUtterance = true;
        _start = cut;
        _voicedStart = cut;
        _voicedEnd = Math.Max(running, cut);
        ForgetBefore(_start);
        return kept;
    }

    private bool Close(long end, UtteranceCut cut, [NotNullWhen(true)] out UtteranceSpan? closed)
    {
        closed = SpanTo(end, cut);
        InUtterance = false;
        _floor = end;
        return closed is not null;
    }

    /// <summary>The utterance that runs, up to <paramref name="end"/>; null when there is too little speech in it.</summary>
    private UtteranceSpan? SpanTo(long end, UtteranceCut cut)
    {
        var first = FirstWindowFrom(_start);
        var after = FirstWindowFrom(end);
        var speech = 0;
        for (var i = first; i < after; i++)
        {
            if (_windows[i].Probability >= options.OnsetProbability)
                speech++;
        }

        return speech < _leastSpeechWindows
            ? null
            : new UtteranceSpan(_start, end, _voicedStart, _voicedEnd, cut, _windows.GetRange(first, after - first), _firstWindowStart + (long)first * Window);
    }

    private int FirstWindowFrom(long position) =>
        (int)Math.Clamp((position - _firstWindowStart + Window - 1) / Window, 0, _windows.Count);

    private void ForgetBefore(long position)
    {
        // In blocks: removing from the front of a list moves the rest.
        var count = (int)Math.Clamp((position - _firstWindowStart) / Window, 0, _windows.Count);
        if (count < 32 && !(count > 0 && count == _windows.Count))
            return;
        _windows.RemoveRange(0, count);
        _firstWindowStart += (long)count * Window;
    }

    private static int Samples(int milliseconds) => milliseconds * SoundWindow.SampleRate / 1000;

    private static int WholeWindows(int milliseconds) => (Samples(milliseconds) + Window - 1) / Window * Window;
}
