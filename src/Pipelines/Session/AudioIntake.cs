using MediaScore.Codecs.Opus;
using MediaScore.Inference;
using MediaScore.Pipelines.Audio;
using MediaScore.Pipelines.Frames;
using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

/// <summary>
/// The audio track as the recording has it, to contiguous 16 kHz sound on the interview's clock: order, losses and holes, decoding, cuts. Holes of at most
/// 120 ms are filled, from the copy that the next packet may carry or by concealment; longer ones are stated. A pure function of the packets and cuts, in order.
/// </summary>
internal sealed class AudioIntake : IDisposable
{
    private const int SampleRate = OpusPacketDecoder.SampleRate;

    private readonly AudioPipeline _pipeline;
    private readonly IObservationSink _sink;
    private readonly PipelineCosts _costs;
    private readonly PacketReorderer<RecordedPacket> _order = new();

    // What lies in the recording was believed when it came; a candidate may have been away for long.
    private readonly TrackClock _clock = new(TrackClockOptions.Default with { LongestJump = InterviewSession.LengthLimit });
    private readonly AudioPacketDecoder _decoder;
    private readonly Queue<(MediaTime Time, bool Begins)> _cuts = new();
    private MediaTime _segmentStart;
    private long _segmentSamples;
    private bool _started;

    public AudioIntake(TrackFormat format, AudioPipeline pipeline, IObservationSink sink, PipelineCosts costs)
    {
        (_pipeline, _sink, _costs) = (pipeline, sink, costs);
        _decoder = new AudioPacketDecoder(format);
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

    public void Dispose() => _decoder.Dispose();

    private async ValueTask DecodeAsync(ReleasedPacket<RecordedPacket> released, RequestClass requestClass, CancellationToken cancellationToken)
    {
        var packet = released.Packet;
        var duration = _decoder.DurationOf(packet.Payload.Span);
        var expected = _clock.State.Expected;
        var place = _clock.Place(packet.Sequence, packet.Time.Microseconds, duration);
        if (place.Verdict == ClockVerdict.Refused)
            return;
        if (!_started)
            (_started, _segmentStart, _segmentSamples) = (true, place.Time, 0);
        else if (place.Verdict == ClockVerdict.JumpedForward)
            await OpenHoleAsync(place, requestClass, cancellationToken);
        else if (place.Time > expected)
            await PushAsync(_decoder.Bridge((int)(place.Time - expected).TotalMicroseconds * (SampleRate / 1000) / 1000, packet.Payload.Span), requestClass, cancellationToken);

        await DecodePayloadAsync(packet, duration, requestClass, cancellationToken);
    }

    private async ValueTask DecodePayloadAsync(RecordedPacket packet, TimeSpan duration, RequestClass requestClass, CancellationToken cancellationToken)
    {
        var started = _costs.Start();
        var count = _decoder.Decode(packet.Payload.Span);
        _costs.Stop(PipelineStage.AudioDecode, started);
        if (count < 0)
        {
            await _sink.AppendAsync(new MediaGap(new MediaRange(packet.Time, packet.Time + duration), "audio", GapReasons.Undecodable), cancellationToken);
            await PushAsync(_decoder.Bridge((int)(duration.TotalMicroseconds * SampleRate / 1_000_000), following: []), requestClass, cancellationToken);
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

    private async ValueTask DrainDecoderAsync(RequestClass requestClass, CancellationToken cancellationToken)
    {
        if (_started)
            await PushAsync(_decoder.Flush(), requestClass, cancellationToken);
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

            await _pipeline.PushAsync(start, _decoder.Samples.Slice(offset, take), requestClass, cancellationToken);
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
}
