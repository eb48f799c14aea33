using System.Buffers.Binary;

namespace MediaScore.WebRtc.Dtls;

/// <summary>
/// Watches the clear part of the client's second flight (Certificate to CertificateVerify) and says when all of it was there. BouncyCastle changes its read keys at the
/// ChangeCipherSpec, whenever that comes, and drops what comes late of the flight before it, also when it is sent again: one lost CertificateVerify would end the handshake.
/// </summary>
internal sealed class DtlsFlightOrder
{
    // ClientHello, Certificate, ClientKeyExchange, CertificateVerify are 0 to 3; some stacks send one more.
    private const int MaxMessages = 8;

    // More pieces than any path would make of a flight.
    private const int MaxRangesPerMessage = 32;

    private const int HeaderLength = 12;
    private const byte CertificateVerify = 15;

    private readonly Message?[] _messages = new Message?[MaxMessages];

    /// <summary>CertificateVerify and everything before it was seen whole.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Takes a handshake record of epoch 0, which may hold several messages or pieces of them.</summary>
    public void Add(ReadOnlySpan<byte> fragment)
    {
        while (!IsWhole && fragment.Length >= HeaderLength)
        {
            var length = ReadUInt24(fragment[1..]);
            var sequence = BinaryPrimitives.ReadUInt16BigEndian(fragment[4..]);
            var (start, count) = (ReadUInt24(fragment[6..]), ReadUInt24(fragment[9..]));
            if (count > fragment.Length - HeaderLength || start + count > length)
                return;
            if (sequence < MaxMessages)
            {
                var message = _messages[sequence] ??= new Message(fragment[0], length);
                if (message.Type == fragment[0] && message.Length == length)
                    message.Add(start, start + count);
            }

            fragment = fragment[(HeaderLength + count)..];
        }

        IsWhole |= LastIsWhole();
    }

    private static int ReadUInt24(ReadOnlySpan<byte> bytes) => bytes[0] << 16 | bytes[1] << 8 | bytes[2];

    private bool LastIsWhole()
    {
        foreach (var message in _messages)
        {
            if (message is not { IsWhole: true })
                return false;
            if (message.Type == CertificateVerify)
                return true;
        }

        return false;
    }

    private sealed class Message(byte type, int length)
    {
        private readonly List<(int Start, int End)> _ranges = [];

        public byte Type { get; } = type;

        public int Length { get; } = length;

        public bool IsWhole => _ranges is [var range] && range.Start == 0 && range.End == Length;

        public void Add(int start, int end)
        {
            for (var i = _ranges.Count - 1; i >= 0; i--)
            {
                var range = _ranges[i];
                if (range.End < start || range.Start > end)
                    continue;
                (start, end) = (Math.Min(start, range.Start), Math.Max(end, range.End));
                _ranges.RemoveAt(i);
            }

            if (_ranges.Count < MaxRangesPerMessage)
                _ranges.Add((start, end));
        }
    }
}
