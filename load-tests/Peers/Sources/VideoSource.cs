using MediaScore.WebRtc;

namespace MediaScore.Peers.Sources;

/// <summary>
/// VP8 frames or H.264 access units of a looped clip at their times. A key frame request jumps to the clip's next key frame: the picture leaps, the clock does
/// not, which is all that a receiver can tell.
/// </summary>
internal sealed class VideoSource : IMediaSource
{
    private readonly MediaClip _clip;
    private int _index;
    private TimeSpan _time;
    private bool _keyFrameWanted;
    private bool _muted;

    public VideoSource(MediaClip clip, TimeSpan startAt = default)
    {
        if (clip.Kind != MediaKind.Video)
            throw new ArgumentException($"A clip of {clip.Codec} is no picture.", nameof(clip));
        _clip = clip;
        while (_index + 1 < clip.Units.Count && clip.Units[_index].Time < startAt)
            _index++;
        // A stream begins with a key frame.
        while (!clip.Units[_index].KeyFrame)
            _index = (_index + 1) % clip.Units.Count;
    }

    public RtpCodec Codec => _clip.Codec;

    public TimeSpan NextTime => _time;

    /// <summary>No packets: the camera is covered by the user, not by a hand. Begins again with a key frame.</summary>
    public bool Muted
    {
        get => _muted;
        set
        {
            _keyFrameWanted |= _muted && !value;
            _muted = value;
        }
    }

    /// <summary>Requests that made the picture leap.</summary>
    public long KeyFrameRequestCount { get; private set; }

    public SourceUnit Read()
    {
        if (_keyFrameWanted)
        {
            _keyFrameWanted = false;
            while (!_clip.Units[_index].KeyFrame)
                _index = (_index + 1) % _clip.Units.Count;
        }

        var unit = _clip.Units[_index];
        var time = _time;
        var next = _index + 1;
        var end = next < _clip.Units.Count ? _clip.Units[next].Time : _clip.Duration;
        _time += end - unit.Time;
        _index = next % _clip.Units.Count;
        return new SourceUnit(time, unit.KeyFrame, _muted ? ReadOnlyMemory<byte>.Empty : unit.Payload);
    }

    public void RequestKeyFrame()
    {
        KeyFrameRequestCount++;
        _keyFrameWanted = true;
    }
}
