using System.Collections.Concurrent;
using Google.Protobuf;
using MediaScore.Codecs.Video;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Http;

/// <summary>
/// A <see cref="FaceGate"/> for each device that sends pictures over HTTP, kept between its requests. One picture of a device at a time; a pass that nobody finished is decided and stored when
/// its time is up, whether or not the device sends more. Dispose it before the journal.
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
    private readonly Task _sweeping;

    public GateDesk(IFaceLooker faces, FaceGallery gallery, IDoorPolicy policy, EventJournal journal, DeviceOptions options, TimeProvider time)
        : this(device => new FaceGate(device, faces, gallery, policy, journal, options, time), time)
    {
    }

    internal GateDesk(Func<Device, FaceGate> gateOf, TimeProvider time)
    {
        (_gateOf, _time) = (gateOf, time);
        _sweeping = Task.Run(SweepAsync);
    }

    public async ValueTask<FrameAnswer> LookAsync(
        Device device, ulong frameId, ReadOnlyMemory<byte> jpeg, DateTimeOffset arrivedAt, TimeSpan deadline, CancellationToken cancellationToken)
    {
        while (true)
        {
            var place = _places.GetOrAdd(device.Id, _ => new Place(_gateOf(device), _time.GetTimestamp()));
            if (!await place.Turn.WaitAsync(0, cancellationToken))
                return new FrameAnswer(null, IsBusy: true);
            try
            {
                // Given up between the two lines above.
                if (place.IsGone)
                    continue;
                place.UsedAt = _time.GetTimestamp();
                var frame = new Protocol.Device.V1.FaceFrame { FrameId = frameId, Jpeg = UnsafeByteOperations.UnsafeWrap(jpeg) };
                using var picture = FramePicture.TryOpen(frame, place.Decoder, out var fault);
                if (picture is null)
                    return new FrameAnswer(null, fault);
                return new FrameAnswer(await place.Gate.LookAsync(new FaceFrame(frameId, picture.Picture, arrivedAt, deadline), cancellationToken));
            }
            finally
            {
                place.Turn.Release();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sweeping;
        foreach (var place in _places.Values)
            place.Dispose();
        _stopping.Dispose();
    }

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepPeriod, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
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
            await place.Gate.CloseAsync(_stopping.Token);
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

        public SemaphoreSlim Turn { get; } = new(1);

        public FaceGate Gate => gate;

        public VideoKeyFrameDecoder Decoder => _decoder ??= new VideoKeyFrameDecoder();

        public long UsedAt { get; set; } = usedAt;

        public bool IsGone { get; set; }

        public void Dispose()
        {
            _decoder?.Dispose();
            _decoder = null;
        }
    }
}
