using System.Net;
using System.Net.Sockets;
using MediaScore.WebRtc.Transport;

namespace MediaScore.WebRtc.Tests.Transport;

public sealed class KernelDropsTests
{
    // Lines of a Linux 6.1's /proc/net/udp and udp6; port 5082 is 13DA.
    private static readonly string[] Table =
    [
        "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops",
        "  331: 00000000:13DA 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 21047 2 0000000000000000 17",
        "  332: 0100007F:13DB 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 21048 2 0000000000000000 5",
        "  331: 00000000000000000000000000000000:13DA 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 21049 2 0000000000000000 3",
        "",
    ];

    [Fact]
    public void Drops_of_our_port_are_summed() => KernelDrops.Sum(Table, 5082).ShouldBe(20);

    [Fact]
    public void What_a_full_buffer_does_not_hold_is_counted_by_the_kernel()
    {
        Assert.SkipUnless(File.Exists("/proc/net/udp"), "no such table here");
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4096 };
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Connect(full.LocalEndPoint!);

        for (var i = 0; i < 100; i++)
            sender.Send(new byte[1000]);

        KernelDrops.Read(((IPEndPoint)full.LocalEndPoint!).Port).ShouldNotBeNull().ShouldBeGreaterThan(50);
    }
}
