using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MediaScore.Peers.Dtls;
using MediaScore.Peers.Running;
using MediaScore.Peers.Sessions;
using MediaScore.Peers.Whip;

namespace MediaScore.ReceivePath;

/// <summary>
/// The other process: senders, and on request datagrams without WebRTC. It is told what to do by lines (<c>senders</c>, <c>bare PORT SECONDS</c>,
/// <c>flood PORT RATE SECONDS</c>, <c>quit</c>) and answers each with <c>done</c> and a number.
/// </summary>
internal static class SenderProcess
{
    public static async Task<int> RunAsync(Arguments arguments, TimeProvider time)
    {
        await using var runner = new PeerRunner(new PeerRunnerOptions(), time);
        using var http = new HttpClient();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            var number = 0L;
            switch (words[0])
            {
                case "senders":
                    number = await ConnectAsync(arguments, runner, http, time);
                    break;
                case "bare":
                    number = BareSender.Run(Number(words[1]), arguments.Senders, TimeSpan.FromSeconds(Number(words[2])), time);
                    break;
                case "flood":
                    number = FloodSender.Run(Number(words[1]), Number(words[2]), TimeSpan.FromSeconds(Number(words[3])), time);
                    break;
                default:
                    return 0;
            }

            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"done {number}"));
            await Console.Out.FlushAsync();
        }

        return 0;
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private static async Task<int> ConnectAsync(Arguments arguments, PeerRunner runner, HttpClient http, TimeProvider time)
    {
        var identity = PeerIdentity.Create(time);
        var options = new SenderOptions
        {
            Audio = Clips.Opus(),
            Video = Clips.Vp8(),
            Offer = new SenderOfferOptions { OffersH264 = false },
            Dtls = new DtlsPeerOptions { SrtpProfiles = [arguments.Profile] },
        };
        for (var i = 0; i < arguments.Senders; i++)
        {
            var start = await runner.StartAsync(options, identity, new WhipClient(http, arguments.Whip!));
            if (start.Peer is null)
                throw new InvalidOperationException(start.Error);
            await start.Peer.Connected.WaitAsync(TimeSpan.FromSeconds(10), time);
        }

        return runner.PeerCount;
    }
}

/// <summary>The same datagrams a second, sizes, sockets and rhythm as the senders', without anything in them.</summary>
internal static class BareSender
{
    // As the senders' loop.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);

    // Sizes of the senders' packets with header extensions and tag: sound every 20 ms, five of a picture every 50 ms.
    public static IReadOnlyList<int> Sizes { get; } = [120, 1110, 1110];

    public static long Run(int port, int senders, TimeSpan duration, TimeProvider time)
    {
        var sockets = Enumerable.Range(0, senders).Select(_ =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }).ToList();
        var datagram = new byte[2048];
        new Random(1).NextBytes(datagram);
        var perSecond = senders * 150;
        using var pause = new AutoResetEvent(false);
        var start = time.GetTimestamp();
        var sent = 0L;
        while (time.GetElapsedTime(start) is var elapsed && elapsed < duration)
        {
            for (var due = (long)(elapsed.TotalSeconds * perSecond); sent < due; sent++)
                sockets[(int)(sent % senders)].Send(datagram.AsSpan(0, Sizes[(int)(sent / senders % Sizes.Count)]), SocketFlags.None, out _);
            pause.WaitOne(Tick);
        }

        foreach (var socket in sockets)
            socket.Dispose();
        return sent;
    }
}

/// <summary>Strangers: checks without a session, hellos, media, garbage, from many ports.</summary>
internal static class FloodSender
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    public static long Run(int port, int perSecond, TimeSpan duration, TimeProvider time)
    {
        var sockets = Enumerable.Range(0, 64).Select(_ =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }).ToList();
        var datagrams = Datagrams(new Random(2)).ToList();
        using var pause = new AutoResetEvent(false);
        var start = time.GetTimestamp();
        var sent = 0L;
        while (time.GetElapsedTime(start) is var elapsed && elapsed < duration)
        {
            for (var due = (long)(elapsed.TotalSeconds * perSecond); sent < due; sent++)
                sockets[(int)(sent % sockets.Count)].Send(datagrams[(int)(sent % datagrams.Count)], SocketFlags.None, out _);
            pause.WaitOne(Tick);
        }

        var replies = sockets.Sum(s => s.Available);
        foreach (var socket in sockets)
            socket.Dispose();
        return replies > 0 ? throw new InvalidOperationException($"The server answered strangers with {replies} bytes.") : sent;
    }

    private static IEnumerable<byte[]> Datagrams(Random random)
    {
        for (var i = 0; i < 64; i++)
        {
            var length = i % 4 == 0 ? 108 : random.Next(40, 1300);
            var datagram = new byte[length];
            random.NextBytes(datagram);
            byte[] start = (i % 4) switch
            {
                // A binding request with USERNAME "strangerNN:peer" and nothing that proves it.
                0 => [0, 1, 0, 88, 0x21, 0x12, 0xA4, 0x42, .. Guid.NewGuid().ToByteArray()[..12], 0, 6, 0, 15, .. "strangerNN:peer"u8, 0],
                1 => [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, (byte)((length - 13) >> 8), (byte)(length - 13), 1],
                2 => [0x90, 111],
                _ => [],
            };
            start.CopyTo(datagram, 0);
            yield return datagram;
        }
    }
}
