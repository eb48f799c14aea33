namespace MediaScore.DeviceStreams.Tests.Isapi;

/// <summary>Changes bodies as networks, printf and people with bad intentions do. The same seed gives the same bodies.</summary>
internal sealed class IsapiMutator(IReadOnlyList<byte[]> corpus, int seed)
{
    private static readonly byte[][] Tokens =
    [
        [.. "--"u8], [.. "\r\n--MIME_boundary\r\n"u8], [.. "\r\n--MIME_boundary--"u8], [.. "\r\n\r\n"u8], [.. "{"u8], [.. "}"u8], [.. "["u8], [.. "]"u8], [.. "\""u8], [.. "\\"u8], [.. "\\ud800"u8], [.. "<"u8], [.. "</"u8], [.. "/>"u8],
        [.. "<!--"u8], [.. "<![CDATA["u8], [.. "]]>"u8], [.. "<!DOCTYPE a ["u8], [.. "&amp;"u8], [.. "&#0;"u8], [.. "&#xD800;"u8], [.. "&#x110000;"u8], [.. "Content-Length: 2147483647\r\n"u8], [.. "Content-Length: -1\r\n"u8],
        [.. "99999999999999999999"u8], [.. "-1"u8], [.. "null"u8], [.. "true"u8], [.. "1e308"u8], [.. "9999-12-31T23:59:59+14:00"u8], [.. "\"AccessControllerEvent\":{"u8], [.. "\"dateTime\":"u8],
        [0x00], [0xEF, 0xBB, 0xBF], [0xFF, 0xD8, 0xFF], [0xFF, 0xD9], [0xC3, 0x28], [0xF0, 0x9F, 0x98, 0x80],
    ];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var body = corpus[_random.Next(corpus.Count)].ToList();
        var changes = _random.Next(1, 9);
        for (var i = 0; i < changes; i++)
            Change(body);
        return [.. body];
    }

    private void Change(List<byte> body)
    {
        var at = _random.Next(body.Count + 1);
        var length = Math.Min(_random.Next(1, 64), body.Count - at);
        switch (_random.Next(9))
        {
            case 0 when at < body.Count:
                body[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < body.Count:
                body[at] = (byte)_random.Next(256);
                break;
            case 2:
                body.RemoveRange(at, length);
                break;
            case 3:
                body.InsertRange(at, body.GetRange(at, length));
                break;
            case 4:
                body.InsertRange(at, Tokens[_random.Next(Tokens.Length)]);
                break;
            case 5:
                body.RemoveRange(at, body.Count - at);
                break;
            case 6:
                // The beginning of this and the end of another.
                var other = corpus[_random.Next(corpus.Count)];
                var from = _random.Next(other.Length + 1);
                body.RemoveRange(at, body.Count - at);
                body.AddRange(other.AsSpan(from).ToArray());
                break;
            case 7:
                var token = Tokens[_random.Next(Tokens.Length)];
                for (var i = _random.Next(40); i > 0; i--)
                    body.InsertRange(at, token);
                break;
            default:
                body.InsertRange(at, Enumerable.Repeat((byte)_random.Next(256), _random.Next(300)));
                break;
        }
    }
}
