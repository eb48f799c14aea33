using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MediaScore.MediaServer.Hosting.Https;

/// <summary>Names and addresses that browsers may call this machine by.</summary>
internal sealed record CertificateNames(IReadOnlyList<string> Hosts, IReadOnlyList<IPAddress> Addresses)
{
    // A machine with more is a router or holds containers; a certificate stays one TLS record long.
    private const int MaxAddresses = 32;

    /// <summary>
    /// Addresses by which the local network reaches this machine: IPv4 only, because a machine's IPv6 addresses change every day (RFC 8981), and each change would bring
    /// another warning to every browser.
    /// </summary>
    public static IReadOnlyList<IPAddress> LanAddresses()
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    .Where(i => i.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown && i.NetworkInterfaceType is not NetworkInterfaceType.Loopback)
                    .SelectMany(i => i.GetIPProperties().UnicastAddresses)
                    .Select(a => a.Address)
                    .Where(a => a.AddressFamily is AddressFamily.InterNetwork && !IPAddress.IsLoopback(a) && !IsLinkLocal(a))
                    .Distinct()
                    .Take(MaxAddresses),
            ];
        }
        catch (NetworkInformationException)
        {
            // A container that may not ask: it is reached by its published name, and localhost works.
            return [];
        }
    }

    /// <summary>As things are now.</summary>
    public static CertificateNames OfThisMachine()
    {
        var hosts = new List<string> { "localhost" };
        var machine = Environment.MachineName.ToLowerInvariant();
        if (Uri.CheckHostName(machine) is UriHostNameType.Dns && machine != "localhost")
        {
            hosts.Add(machine);
            // Multicast DNS (RFC 6762): what phones call a machine by without any name server.
            if (!machine.Contains('.', StringComparison.Ordinal))
                hosts.Add(machine + ".local");
        }

        return new CertificateNames(hosts, [IPAddress.Loopback, IPAddress.IPv6Loopback, .. LanAddresses()]);
    }

    // 169.254/16 (RFC 3927): nobody gave this machine an address, so nobody reaches it there.
    private static bool IsLinkLocal(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        return address.TryWriteBytes(bytes, out _) && bytes[0] == 169 && bytes[1] == 254;
    }
}
