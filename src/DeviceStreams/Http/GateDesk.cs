using System.Collections.Concurrent;
using Google.Protobuf;
using MediaScore.Codecs.Video;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Http;

/// <summary>
/// A <see cref="FaceGate"/> for each device that sends pictures over HTTP, kept between its requests. One picture of a device at a time; what somebody who went away left undecided is stored, whether
/// or not the device sends more. Dispose it before the journal.
/// </summary>
internal sealed class GateDesk : IFrameDesk, IAsyncDisposable
{
    // A pass that is over is written down within a second.
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    // A device that sends nothing for so long keeps no decoder here.
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(1);

    private readonly Func<Device, FaceGate> _gateOf;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly PeriodicTimer _sweeps;
    private readonly Task _sweeping;

    public GateDesk(IFaceLooker faces, FaceGallery gallery, IDoorPolicy policy, EventJournal journal, DeviceOptions options, TimeProvider time)
        : this(device => new FaceGate(device, faces, gallery, policy, journal, options, time), time)
    {
    }

    internal GateDesk(Func<Device, FaceGate> gateOf, TimeProvider time)
    {
        // Made here: its time counts from now, whenever the loop begins.
        (_gateOf, _time, _sweeps) = (gateOf, time, new PeriodicTimer(SweepPeriod, time));
        _sweeping = Task.Run(SweepAsync);
    }

    public async ValueTask<FrameAnswer> LookAsync(
        Device device, ulong frameId, ReadOnlyMemory<byte> jpeg, DateTimeOffset arrivedAt, TimeSpan deadline, CancellationToken cancellationToken)
    {
        while (true)
        {
            var place = _places.GetOrAdd(device.Id, _ => new Place(_gateOf(device), _time.GetTimestamp()));
            if (!place.TryBegin())
                return new FrameAnswer(null, IsBusy: true);
            try
            {
                // A sweep holds it while the disk takes what is over: no reason to send a picture back.
                await place.Turn.WaitAsync(cancellationToken);
                try
                {
                    // Given up before its turn came.
                    if (!place.IsGone)
                        return await LookAsync(place, frameId, jpeg, arrivedAt, deadline, cancellationToken);
                }
                finally
                {
                    place.Turn.Release();
                }
            }
            finally
            {
                place.End();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sweeping;
        _sweeps.Dispose();
        foreach (var place in _places.Values)
            place.Dispose();
        _stopping.Dispose();
    }

    private async ValueTask<FrameAnswer> LookAsync(Place place, ulong frameId, ReadOnlyMemory<byte> jpeg, DateTimeOffset arrivedAt, TimeSpan deadline, CancellationToken cancellationToken)
    {
        place.UsedAt = _time.GetTimestamp();
        var frame = new Protocol.Device.V1.FaceFrame { FrameId = frameId, Jpeg = UnsafeByteOperations.UnsafeWrap(jpeg) };
        using var picture = FramePicture.TryOpen(frame, place.Decoder, out var fault);
        if (picture is null)
            return new FrameAnswer(null, fault);
        return new FrameAnswer(await place.Gate.LookAsync(new FaceFrame(frameId, picture.Picture, arrivedAt, deadline), cancellationToken));
    }

    private async Task SweepAsync()
    {
        try
        {
            while (await _sweeps.WaitForNextTickAsync(_stopping.Token))
            {
                foreach (var (id, place) in _places)
                    await SweepAsync(id, place);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // What is undecided is nobody's: the door stayed closed.
        }
    }

    private async Task SweepAsync(string id, Place place)
    {
        // A picture that is being looked at decides by itself.
        if (!await place.Turn.WaitAsync(0, _stopping.Token))
            return;
        try
        {
            await place.Gate.SettleAsync(_stopping.Token);
        }
        catch (Exception fault) when (fault is not (OutOfMemoryException or OperationCanceledException))
        {
            // The disk's: no door hangs on it, and the journal's other users say it aloud.
        }
        finally
        {
            if (_time.GetElapsedTime(place.UsedAt) > IdleLimit)
            {
                place.IsGone = true;
                _places.TryRemove(new KeyValuePair<string, Place>(id, place));
                place.Dispose();
            }

            place.Turn.Release();
        }
    }

    /// <summary>What is kept of one device; whoever has the turn may use it.</summary>
    private sealed class Place(FaceGate gate, long usedAt) : IDisposable
    {
        private VideoKeyFrameDecoder? _decoder;
        private int _isLooking;

        public SemaphoreSlim Turn { get; } = new(1);

        public FaceGate Gate => gate;

        public VideoKeyFrameDecoder Decoder => _decoder ??= new VideoKeyFrameDecoder();

        public long UsedAt { get; set; } = usedAt;

        public bool IsGone { get; set; }

        /// <returns>False where another picture of this device is being looked at.</returns>
        public bool TryBegin() => Interlocked.CompareExchange(ref _isLooking, 1, 0) == 0;

        public void End() => Volatile.Write(ref _isLooking, 0);

        public void Dispose()
        {
            _decoder?.Dispose();
            _decoder = null;
        }
    }
}
