using System.Security.Cryptography;

namespace MediaScore.ReceivePath;

/// <summary>
/// The other bound: AES-128-GCM of packets of the same sizes with the keys of as many sessions in turn, on a thread of its own so that its CPU time is known. In the senders' rhythm, as what it
/// is compared with (a core that sleeps between packets is slower and has cold caches), or without a pause.
/// </summary>
internal sealed class BareGcm : IDisposable
{
    private const int TagBytes = 16;
    private const int HeaderBytes = 12;

    // As the loop's.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    private readonly AesGcm[] _keys;
    private readonly byte[][] _packets;
    private readonly byte[] _nonce = new byte[12];
    private readonly byte[] _work = new byte[2048];
    private readonly TimeProvider _time;
    private long _count;

    public BareGcm(int sessions, IReadOnlyList<int> packetBytes, TimeProvider time)
    {
        _time = time;
        _keys = [.. Enumerable.Range(0, sessions).Select(_ => new AesGcm(RandomNumberGenerator.GetBytes(16), TagBytes))];
        _packets = [.. Enumerable.Range(0, sessions * packetBytes.Count).Select(i =>
        {
            var packet = RandomNumberGenerator.GetBytes(packetBytes[i / sessions]);
            var body = packet.AsSpan(HeaderBytes..^TagBytes);
            _keys[i % sessions].Encrypt(_nonce, body, body, packet.AsSpan()[^TagBytes..], packet.AsSpan(0, HeaderBytes));
            return packet;
        })];
    }

    /// <param name="perSecond">0 does not pause.</param>
    /// <returns>CPU microseconds a packet.</returns>
    public double Run(TimeSpan duration, int perSecond)
    {
        var microseconds = 0.0;
        var thread = new Thread(() =>
        {
            var before = _count;
            var cpu = ThreadCpu.ReadOwn();
            Open(duration, perSecond);
            microseconds = (ThreadCpu.ReadOwn() - cpu).TotalMicroseconds / (_count - before);
        })
        { IsBackground = true, Name = "gcm" };
        thread.Start();
        thread.Join();
        return microseconds;
    }

    public void Dispose()
    {
        foreach (var key in _keys)
            key.Dispose();
    }

    private void Open(TimeSpan duration, int perSecond)
    {
        using var pause = new AutoResetEvent(false);
        var start = _time.GetTimestamp();
        var first = _count;
        while (_time.GetElapsedTime(start) is var elapsed && elapsed < duration)
        {
            for (var due = perSecond == 0 ? _count - first + _packets.Length : (long)(elapsed.TotalSeconds * perSecond); _count - first < due; _count++)
            {
                // As a datagram comes: into one buffer, opened in place.
                var number = (int)(_count % _packets.Length);
                var packet = _packets[number];
                packet.CopyTo(_work, 0);
                var body = _work.AsSpan(HeaderBytes, packet.Length - HeaderBytes - TagBytes);
                _keys[number % _keys.Length].Decrypt(_nonce, body, _work.AsSpan(packet.Length - TagBytes, TagBytes), body, _work.AsSpan(0, HeaderBytes));
            }

            if (perSecond > 0)
                pause.WaitOne(Tick);
        }
    }
}
