using System.Globalization;
using System.Text;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

/// <summary>One case of <c>Fixtures/*.http</c>: what happens before, and the requests one after another. The form is in Fixtures/README.md.</summary>
internal sealed record ZkFixture(string Name, IReadOnlyList<ZkFixture.Step> Steps)
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "ZkPush", "Fixtures");

    /// <param name="Scene">Lines with "@", without it.</param>
    internal sealed record Step(IReadOnlyList<string> Scene, string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body);

    public static IReadOnlyList<ZkFixture> ReadAll() =>
        [.. Directory.GetFiles(Folder, "*.http").Order(StringComparer.Ordinal).SelectMany(file => Read(File.ReadAllLines(file)))];

    private static IEnumerable<ZkFixture> Read(string[] lines)
    {
        var (name, steps, current) = ("", new List<Step>(), new List<string>());
        foreach (var line in lines.Append("### "))
        {
            if (!line.StartsWith("### ", StringComparison.Ordinal) && line != "---")
            {
                current.Add(line);
                continue;
            }

            if (current.Any(text => text.Length > 0))
                steps.Add(ReadStep(current));
            current = [];
            if (line == "---")
                continue;
            if (name.Length > 0)
                yield return new ZkFixture(name, steps);
            (name, steps) = (line[4..].Trim(), []);
        }
    }

    private static Step ReadStep(List<string> lines)
    {
        var scene = lines.TakeWhile(line => line.StartsWith('@')).Select(line => line[1..]).ToList();
        var rest = lines.Skip(scene.Count).ToList();
        var request = rest[0].Split(' ', 2);
        var target = request[1].Split('?', 2);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in rest.Skip(1).TakeWhile(line => line.Length > 0))
            headers[header.Split(':')[0]] = header.Split(':', 2)[1].Trim();
        var body = rest.Skip(1 + headers.Count).SelectMany(Bytes).ToArray();
        return new Step(scene, request[0], target[0], target.Length > 1 ? target[1] : "", headers, body);
    }

    private static IEnumerable<byte> Bytes(string line)
    {
        if (!line.StartsWith("@repeat ", StringComparison.Ordinal))
            return Unescape(line);
        var parts = line.Split(' ', 3);
        return Enumerable.Range(0, int.Parse(parts[1], CultureInfo.InvariantCulture)).SelectMany(number => Unescape(parts[2].Replace("%02d", number.ToString("00", CultureInfo.InvariantCulture), StringComparison.Ordinal)));
    }

    /// <summary>From the notation of the fixtures to bytes.</summary>
    public static byte[] Unescape(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, 1));
                continue;
            }

            i++;
            if (text[i] == 'x')
            {
                bytes.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 2;
                continue;
            }

            bytes.Add(text[i] switch
            {
                't' => (byte)'\t',
                'n' => (byte)'\n',
                'r' => (byte)'\r',
                's' => (byte)' ',
                '0' => 0,
                '\\' => (byte)'\\',
                _ => throw new FormatException($"\\{text[i]} in a fixture"),
            });
        }

        return [.. bytes];
    }

    /// <summary>And back, for what is ASCII.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var value in bytes)
        {
            text.Append(value switch
            {
                (byte)'\t' => "\\t",
                (byte)'\n' => "\\n",
                (byte)'\r' => "\\r",
                (byte)'\\' => "\\\\",
                0 => "\\0",
                < 0x20 or > 0x7E => $"\\x{value:X2}",
                _ => ((char)value).ToString(),
            });
        }

        return text.ToString();
    }
}
