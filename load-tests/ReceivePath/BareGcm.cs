using System.Security.Cryptography;

namespace MediaScore.ReceivePath;

/// <summary>The other bound: AES-128-GCM of packets of the same sizes, keys of as many sessions in turn, on a thread of its own so that its CPU time is known.</summary>
internal static class BareGcm
{
    public const string ThreadName = "gcm";

    private const int TagBytes = 16;
    private const int HeaderBytes = 12;

    /// <returns>Packets opened.</returns>
    public static long Run(TimeSpan duration, int sessions, IReadOnlyList<int> packetBytes, TimeProvider time, Action done)
    {
        var opened = 0L;
        var thread = new Thread(() =>
        {
            opened = Open(duration, sessions, packetBytes, time);
            done();
        })
        { IsBackground = true, Name = ThreadName };
        thread.Start();
        thread.Join();
        return opened;
    }

    private static long Open(TimeSpan duration, int sessions, IReadOnlyList<int> packetBytes, TimeProvider time)
    {
        var keys = Enumerable.Range(0, sessions).Select(_ => new AesGcm(RandomNumberGenerator.GetBytes(16), TagBytes)).ToArray();
        var nonce = new byte[12];
        var packets = keys.Select((key, i) =>
        {
            var packet = RandomNumberGenerator.GetBytes(packetBytes[i % packetBytes.Count]);
            var body = packet.AsSpan(HeaderBytes..^TagBytes);
            key.Encrypt(nonce, body, body, packet.AsSpan()[^TagBytes..], packet.AsSpan(0, HeaderBytes));
            return packet;
        }).ToArray();
        var work = new byte[2048];
        var count = 0L;
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < duration)
        {
            for (var i = 0; i < keys.Length; i++)
            {
                // As a datagram comes: into one buffer, opened in place.
                var packet = packets[i];
                packet.CopyTo(work, 0);
                var body = work.AsSpan(HeaderBytes, packet.Length - HeaderBytes - TagBytes);
                keys[i].Decrypt(nonce, body, work.AsSpan(packet.Length - TagBytes, TagBytes), body, work.AsSpan(0, HeaderBytes));
                count++;
            }
        }

        foreach (var key in keys)
            key.Dispose();
        return count;
    }
}
