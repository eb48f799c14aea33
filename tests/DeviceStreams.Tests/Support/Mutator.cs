using System.Text;

namespace MediaScore.DeviceStreams.Tests.Support;

/// <summary>Spoils bytes the way networks, bad software and bad people do; the same seed spoils the same way.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[][] Fragments =
    [
        .. new[] { "null", "true", "-1", "1e999", "-0", "9223372036854775808", "\"\"", "[]", "{}", "\\u0000", "\\ud800", "\\", "\"", ",", ":", "{", "}", "[[[[[[[[[[", "\"at\":", "\"seq\":", "\u4e2d", "\r\n", " " }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x00], [0xEF, 0xBB, 0xBF],
    ];

    private readonly Random _random = new(seed);

    /// <summary>How often long runs are asked for; a bounded number otherwise.</summary>
    public static int CountOr(int usual) => int.TryParse(Environment.GetEnvironmentVariable("MEDIASCORE_FUZZ"), out var count) && count > 0 ? count : usual;

    public byte[] Spoil(byte[] whole)
    {
        var bytes = new List<byte>(whole);
        for (var times = 1 + _random.Next(4); times > 0; times--)
        {
            var at = _random.Next(bytes.Count + 1);
            switch (_random.Next(6))
            {
                case 0 when bytes.Count > 0:
                    bytes[at % bytes.Count] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes.InsertRange(at, Fragments[_random.Next(Fragments.Length)]);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(_random.Next(16), bytes.Count - at));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.Skip(_random.Next(bytes.Count + 1)).Take(64).ToList());
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)_random.Next(32, 127), _random.Next(300)));
                    break;
            }
        }

        return [.. bytes];
    }
}
