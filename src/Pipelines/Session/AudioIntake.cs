using MediaScore.Codecs.Opus;
using MediaScore.Codecs.Pcm;
using MediaScore.Inference;
using MediaScore.Pipelines.Audio;
using MediaScore.Pipelines.Frames;
using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

/// <summary>
/// The audio track as the recording has it, to contiguous 16 kHz sound on the interview's clock: order, losses and holes, decoding, cuts. Holes of at most
/// 60 ms are concealed, longer ones are stated. A pure function of the packets and cuts, in order.
/// </summary>
internal sealed class AudioIntake : IDisposable
{
    private const int SampleRate = OpusPacketDecoder.SampleRate;

    // Three lost frames: longer concealment is a drone that a recogniser would take for speech.
    private const int LongestConcealment = 60 * SampleRate / 1000;

    private readonly TrackFormat _format;
    private readonly AudioPipeline _pipeline;
    private readonly IObservationSink _sink;
    private readonly PipelineCosts _costs;
    private readonly PacketReorderer<RecordedPacket> _order = new();

    // What lies in the recording was believed when it came; a candidate may have been away for long.
    private readonly TrackClock _clock = new(TrackClockOptions.Default with { LongestJump = InterviewSession.LengthLimit });
    private readonly OpusPacketDecoder? _opus;
    private readonly PcmDecoder? _pcm;
    private readonly Queue<(MediaTime Time, bool Begins)> _cuts = new();
    private float[] _samples = new float[OpusPacketDecoder.MaxSampleCount];
    private MediaTime _segmentStart;
    private long _segmentSamples;
    private bool _started;

    public AudioIntake(TrackFormat format, AudioPipeline pipeline, IObservationSink sink, PipelineCosts costs)
    {
        (_format, _pipeline, _sink, _costs) = (format, pipeline, sink, costs);
        if (format.Codec == MediaCodec.Opus)
            _opus = OpusDecoderFactory.Create();
        else
            _pcm = new PcmDecoder(format.SampleRate, format.Channels);
    }

    /// <summary>Where the sound has come to.</summary>
    public MediaTime Position => _started ? _segmentStart + TimeSpan.FromMicroseconds(_segmentSamples * 1_000_000 / SampleRate) : MediaTime.Zero;

    /// <summary>An answer begins or ends here; no utterance runs over this time. Comes before the sound that it cuts, as markers stand between packets.</summary>
    public void CutAt(MediaTime time, bool begins) => _cuts.Enqueue((time, begins));

    public async ValueTask AcceptAsync(RecordedPacket packet, RequestClass requestClass, CancellationToken cancellationToken)
    {
        if (!_order.TryAdd(packet.Sequence, packet.Time.Microseconds, packet))
            return;
        while (_order.TryTake(out var released))
            await DecodeAsync(released, requestClass, cancellationToken);
    }

    /// <summary>No more packets: what was held back is decoded and the last utterance ends.</summary>
    public async ValueTask CompleteAsync(RequestClass requestClass, CancellationToken cancellationToken)
    {
        _order.Flush();
        while (_order.TryTake(out var released))
            await DecodeAsync(released, requestClass, cancellationToken);
        await DrainDecoderAsync(requestClass, cancellationToken);
        while (_cuts.TryDequeue(out var cut))
            await CutAsync(cut.Time, cut.Begins, cancellationToken);
        await _pipeline.CompleteAsync(requestClass, cancellationToken);
    }

    public void Dispose() => _opus?.Dispose();

    private async ValueTask DecodeAsync(ReleasedPacket<RecordedPacket> released, RequestClass requestClass, CancellationToken cancellationToken)
    {
        var packet = released.Packet;
        var duration = DurationOf(packet.Payload.Span);
        var expected = _clock.State.Expected;
        var place = _clock.Place(packet.Sequence, packet.Time.Microseconds, duration);
        if (place.Verdict == ClockVerdict.Refused)
            return;
        if (!_started)
            (_started, _segmentStart, _segmentSamples) = (true, place.Time, 0);
        else if (place.Verdict == ClockVerdict.JumpedForward)
            await OpenHoleAsync(place, requestClass, cancellationToken);
        else if (place.Time > expected)
            await ConcealAsync((int)(place.Time - expected).TotalMicroseconds * (SampleRate / 1000) / 1000, requestClass, cancellationToken);

        await DecodePayloadAsync(packet, duration, requestClass, cancellationToken);
    }

    private async ValueTask DecodePayloadAsync(RecordedPacket packet, TimeSpan duration, RequestClass requestClass, CancellationToken cancellationToken)
    {
        int count;
        var started = _costs.Start();
        if (_opus is not null)
        {
            var result = _opus.Decode(packet.Payload.Span, _samples);
            count = result.Succeeded ? result.SampleCount : -1;
        }
        else
        {
            Grow(_pcm!.MaxSampleCount(packet.Payload.Length));
            var result = _pcm.Decode(packet.Payload.Span, _samples);
            count = result.Succeeded ? result.SampleCount : -1;
        }

        _costs.Stop(PipelineStage.AudioDecode, started);
        if (count < 0)
        {
            await _sink.AppendAsync(new MediaGap(new MediaRange(packet.Time, packet.Time + duration), "audio", GapReasons.Undecodable), cancellationToken);
            await ConcealAsync((int)(duration.TotalMicroseconds * SampleRate / 1_000_000), requestClass, cancellationToken);
            return;
        }

        await PushAsync(count, requestClass, cancellationToken);
    }

    private async ValueTask OpenHoleAsync(TrackTime place, RequestClass requestClass, CancellationToken cancellationToken)
    {
        await DrainDecoderAsync(requestClass, cancellationToken);
        var hole = new MediaRange(Position, MediaTime.Max(Position, place.Time));
        await ReleaseCutsAsync(hole.End, cancellationToken);
        await _sink.AppendAsync(place.ToObservation("audio")!, cancellationToken);
        await _pipeline.MarkGapAsync(hole, cancellationToken);
        (_segmentStart, _segmentSamples) = (place.Time, 0);
    }

    private async ValueTask ConcealAsync(int sampleCount, RequestClass requestClass, CancellationToken cancellationToken)
    {
        // The codec conceals in steps of 2.5 ms; what is left over, or too long to conceal, is silence: sound that was cut short would move all that follows.
        if (sampleCount <= 0)
            return;
        Grow(sampleCount);
        var concealed = Math.Min(sampleCount, LongestConcealment) / 40 * 40;
        _samples.AsSpan(0, sampleCount).Clear();
        if (_opus is not null && concealed > 0)
            _opus.Conceal(concealed, _samples);
        await PushAsync(sampleCount, requestClass, cancellationToken);
    }

    private async ValueTask DrainDecoderAsync(RequestClass requestClass, CancellationToken cancellationToken)
    {
        if (_pcm is null || !_started)
            return;
        Grow(_pcm.MaxSampleCount(0));
        await PushAsync(_pcm.Flush(_samples).SampleCount, requestClass, cancellationToken);
    }

    private async ValueTask PushAsync(int count, RequestClass requestClass, CancellationToken cancellationToken)
    {
        var offset = 0;
        while (offset < count)
        {
            var start = Position;
            var take = count - offset;
            if (_cuts.TryPeek(out var cut))
            {
                if (cut.Time <= start)
                {
                    _cuts.Dequeue();
                    await CutAsync(start, cut.Begins, cancellationToken);
                    continue;
                }

                // Rounded up, so that a cut between two samples falls before the later one.
                var samplesToCut = ((cut.Time.Microseconds - start.Microseconds) * SampleRate + 999_999) / 1_000_000;
                take = (int)Math.Min(take, samplesToCut);
            }

            await _pipeline.PushAsync(start, _samples.AsMemory(offset, take), requestClass, cancellationToken);
            offset += take;
            _segmentSamples += take;
        }
    }

    private async ValueTask ReleaseCutsAsync(MediaTime until, CancellationToken cancellationToken)
    {
        while (_cuts.TryPeek(out var cut) && cut.Time <= until)
        {
            _cuts.Dequeue();
            await CutAsync(MediaTime.Min(cut.Time, Position), cut.Begins, cancellationToken);
        }
    }

    private ValueTask CutAsync(MediaTime at, bool begins, CancellationToken cancellationToken) => begins
        ? _pipeline.BeginAnswerAsync(at, cancellationToken)
        : _pipeline.EndSegmentAsync(at, UtteranceCut.StageEnd, cancellationToken);

    private TimeSpan DurationOf(ReadOnlySpan<byte> payload) => _opus is not null
        ? OpusPacketInspector.TryInspect(payload, out var info) ? info.Duration : TimeSpan.FromMilliseconds(20)
        : TimeSpan.FromMicroseconds((long)payload.Length / (2 * _format.Channels) * 1_000_000 / _format.SampleRate);

    private void Grow(int sampleCount)
    {
        if (_samples.Length < sampleCount)
            _samples = new float[sampleCount];
    }
}
