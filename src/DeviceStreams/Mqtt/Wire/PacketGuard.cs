using System.Threading.Channels;

namespace MediaScore.DeviceStreams.Mqtt.Wire;

/// <summary>
/// What one connection may ask of memory: the length of a packet, and how many messages wait between the wire and whoever takes them. The MQTT library has a bound for neither: it makes
/// a buffer of whatever length a peer claims (256 MiB are allowed), and its queue of messages takes all that comes. Thread-safe.
/// </summary>
internal sealed class PacketGuard
{
    // A topic has at most 64 KiB and a message of this contract no properties; what is cut to this length still has its payload's first byte in it.
    private const int RoomForTopic = 128 << 10;

    // A place for each message that waits; full: nothing more is read.
    private readonly Channel<bool>? _places;
    private readonly Action? _onCut;

    /// <param name="maxPayloadBytes">A longer message is cut while it is read, to one that shows that it is too long.</param>
    /// <param name="maxPending">Messages that were read and not released; null: whoever reads takes them one by one anyway.</param>
    /// <param name="onCut">Called for each message that is cut.</param>
    public PacketGuard(int maxPayloadBytes, int? maxPending = null, Action? onCut = null)
    {
        MaxPacketBytes = maxPayloadBytes + RoomForTopic;
        _places = maxPending is { } count ? Channel.CreateBounded<bool>(count) : null;
        _onCut = onCut;
    }

    /// <summary>Of what follows a packet's fixed header.</summary>
    public int MaxPacketBytes { get; }

    /// <summary>Waits until one more message may be read.</summary>
    public ValueTask EnterAsync(CancellationToken cancellationToken) => _places?.Writer.WriteAsync(true, cancellationToken) ?? ValueTask.CompletedTask;

    /// <summary>A message was taken, or what was read was none.</summary>
    public void Release() => _places?.Reader.TryRead(out _);

    public void NoteCut() => _onCut?.Invoke();
}
