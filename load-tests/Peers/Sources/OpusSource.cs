using MediaScore.WebRtc;

namespace MediaScore.Peers.Sources;

/// <summary>What a muted microphone sends.</summary>
public enum MuteKind : byte
{
    None,

    /// <summary>Digital silence, 50 packets a second: a browser's track with <c>enabled = false</c>.</summary>
    Silence,

    /// <summary>No packets at all: a track that was taken off its sender.</summary>
    NoPackets,
}

/// <param name="Loop">Begin again at the end; else silence follows.</param>
/// <param name="Dtx">Send one packet per 400 ms where the clip is silent, as libopus does with discontinuous transmission (RFC 7587, 3.1.3).</param>
/// <param name="SpeechRatio">Part of each ten seconds in which the clip is heard, 0 to 1; silence in the rest.</param>
/// <param name="StartAt">Where in the clip to begin, so that a hundred senders do not say the same at once.</param>
public sealed record OpusSourceOptions(bool Loop = true, bool Dtx = false, double SpeechRatio = 1, TimeSpan StartAt = default);

/// <summary>Opus packets of a clip at their times, with mute, pauses and discontinuous transmission.</summary>
internal sealed class OpusSource : IMediaSource
{
    // libopus sends a comfort noise update every 400 ms of silence (20 packets of 20 ms).
    private static readonly TimeSpan DtxRefresh = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan SpeechCycle = TimeSpan.FromSeconds(10);

    // Below the noise of a quiet room; what a voice detector in a browser's pipeline leaves out.
    private const int SilentBelowDbov = -60;

    // 20 ms of mono silence: configuration 31 (CELT, full band, 20 ms), one frame.
    private static readonly byte[] SilentPacket = [0xF8, 0xFF, 0xFE];

    private readonly MediaClip _clip;
    private readonly OpusSourceOptions _options;
    private int _index;
    private TimeSpan _time;
    private TimeSpan _lastSent = TimeSpan.MinValue;
    private bool _gap = true; // The first packet starts a talk spurt.
    private bool _ended;

    public OpusSource(MediaClip clip, OpusSourceOptions? options = null)
    {
        if (clip.Codec != RtpCodec.Opus)
            throw new ArgumentException($"A clip of {clip.Codec} is no sound.", nameof(clip));
        _clip = clip;
        _options = options ?? new OpusSourceOptions();
        while (_index + 1 < clip.Units.Count && clip.Units[_index].Time < _options.StartAt)
            _index++;
    }

    public RtpCodec Codec => RtpCodec.Opus;

    public MuteKind Mute { get; set; }

    public TimeSpan NextTime => _time;

    public SourceUnit Read()
    {
        var time = _time;
        var unit = _clip.Units[_index];
        var silent = _ended || Mute != MuteKind.None || !InSpeech(time);
        var payload = silent ? SilentPacket : unit.Payload;
        var level = silent ? -127 : unit.LevelDbov;
        Advance();
        if (Mute == MuteKind.NoPackets || (_options.Dtx && level < SilentBelowDbov && time - _lastSent < DtxRefresh))
        {
            _gap = true;
            return new SourceUnit(time, KeyFrame: true, ReadOnlyMemory<byte>.Empty);
        }

        var starts = _gap && level >= SilentBelowDbov;
        _gap = _gap && !starts;
        _lastSent = time;
        return new SourceUnit(time, KeyFrame: true, payload, starts, level, Voice: level >= SilentBelowDbov);
    }

    public void RequestKeyFrame()
    {
        // Every Opus packet stands alone.
    }

    private bool InSpeech(TimeSpan time) => time.Ticks % SpeechCycle.Ticks < _options.SpeechRatio * SpeechCycle.Ticks;

    private void Advance()
    {
        var next = _index + 1;
        var end = next < _clip.Units.Count ? _clip.Units[next].Time : _clip.Duration;
        _time += end - _clip.Units[_index].Time;
        if (next < _clip.Units.Count)
            _index = next;
        else if (_options.Loop)
            _index = 0;
        else
            _ended = true; // The last unit's duration is the step from here on.
    }
}
