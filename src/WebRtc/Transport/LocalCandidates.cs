using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using MediaScore.WebRtc.Ice;

namespace MediaScore.WebRtc.Transport;

/// <summary>Which addresses an answer names. A machine's own may change (another Wi-Fi), so they are looked up again from time to time. Thread-safe.</summary>
internal sealed class LocalCandidates(RtcOptions options, TimeProvider time, int udpPort, int? tcpPort)
{
    // A browser pairs each of ours with each of its own, and tries them one by one.
    private const int MaxAddresses = 8;

    // To ask the system takes a millisecond or so: too much for each offer of a hundred.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private IReadOnlyList<IPAddress> _addresses = [];
    private IReadOnlyList<IceCandidate> _candidates = [];
    private long? _readAt;

    public IReadOnlyList<IPEndPoint> UdpEndPoints
    {
        get
        {
            lock (_lock)
            {
                Refresh();
                return [.. _addresses.Select(a => new IPEndPoint(a, udpPort))];
            }
        }
    }

    public IReadOnlyList<IceCandidate> Current
    {
        get
        {
            lock (_lock)
            {
                Refresh();
                return _candidates;
            }
        }
    }

    /// <summary>The public addresses where there are any (NAT 1:1), else the one that is listened on, else this machine's own.</summary>
    internal static IReadOnlyList<IPAddress> Addresses(RtcOptions options)
    {
        var listened = IPAddress.Parse(options.Address);
        if (options.PublicAddresses.Count > 0)
            return [.. options.PublicAddresses.Select(IPAddress.Parse).Distinct()];
        if (!listened.Equals(IPAddress.Any) && !listened.Equals(IPAddress.IPv6Any))
            return [listened];
        var own = OwnAddresses(withIPv6: listened.Equals(IPAddress.IPv6Any)).Take(MaxAddresses).ToList();
        return own.Count > 0 ? own : [IPAddress.Loopback];
    }

    internal static IReadOnlyList<IceCandidate> Make(IReadOnlyList<IPAddress> addresses, int udpPort, int? tcpPort)
    {
        var candidates = new List<IceCandidate>();
        for (var i = 0; i < addresses.Count; i++)
            candidates.Add(new IceCandidate(TransportKind.Udp, addresses[i], (ushort)udpPort, (ushort)(ushort.MaxValue - i)));
        for (var i = 0; tcpPort is { } port && i < addresses.Count; i++)
            candidates.Add(new IceCandidate(TransportKind.Tcp, addresses[i], (ushort)port, (ushort)(0x1FFF - i)));
        return candidates;
    }

    private void Refresh()
    {
        if (_readAt is { } readAt && time.GetElapsedTime(readAt) < Lifetime)
            return;
        _readAt = time.GetTimestamp();
        var addresses = Addresses(options);
        if (addresses.SequenceEqual(_addresses))
            return;
        _addresses = addresses;
        _candidates = Make(addresses, udpPort, tcpPort);
    }

    // Link-local IPv6 needs a scope that means nothing to the peer. Loopback is nobody else's.
    private static IEnumerable<IPAddress> OwnAddresses(bool withIPv6)
    {
        var all = NetworkInterface.GetAllNetworkInterfaces()
            .Where(n => n.OperationalStatus == OperationalStatus.Up && n.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(n => n.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .ToList();
        return all.Where(a => a.AddressFamily == AddressFamily.InterNetwork)
            .Concat(all.Where(a => withIPv6 && a is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: false }));
    }
}
