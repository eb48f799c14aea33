using System.Text;
using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>
/// Reads the body of <c>devicecmd</c>: <c>ID=1&amp;Return=0&amp;CMD=DATA</c>, several of them a line each, lines of parameters behind one (INFO), or one result on many lines, from
/// <c>Content=</c> on without any form. Not url-encoded: blanks and "+" are what they are.
/// </summary>
internal static class CommandResults
{
    // One poll hands out fewer.
    private const int MaxResults = 1_000;
    private const int MaxIdLength = 16;
    private const int MaxCommandLength = 64;

    public static List<CommandResult> Parse(ReadOnlyMemory<byte> body)
    {
        var results = new List<CommandResult>();
        var current = default(Draft);
        var position = 0;
        while (results.Count < MaxResults && ZkLines.TryTake(body.Span, ref position, out var line))
        {
            if (line.Contains((byte)'&') && TryParseLine(line, out var whole))
            {
                Close(results, current, body);
                current = whole with { ContentStart = position, ContentEnd = position };
                continue;
            }

            var equals = line.IndexOf((byte)'=');
            var key = equals < 0 ? default : line[..equals].Trim((byte)' ');
            if (equals >= 0 && Is(key, "content"u8))
            {
                // Whatever follows is a file or the output of a program.
                current.ContentStart = Math.Min(StartOf(body.Span, line) + equals + 1, body.Length);
                current.ContentEnd = body.Length;
                break;
            }

            if (equals >= 0 && Is(key, "id"u8) && !line.Contains((byte)'&'))
            {
                Close(results, current, body);
                current = new Draft { IsOnLines = true, ContentStart = position, ContentEnd = position };
                current.Set(key, line[(equals + 1)..]);
            }
            else if (current.IsOnLines && equals >= 0)
            {
                current.Set(key, line[(equals + 1)..]);
            }
            else
            {
                current.ContentEnd = position;
            }
        }

        Close(results, current, body);
        return results;
    }

    /// <summary>The same in the query string, where some firmware puts it.</summary>
    public static List<CommandResult> Parse(ZkQuery query)
    {
        var current = default(Draft);
        foreach (var name in (string[])["ID", "Return", "CMD"])
            current.Set(Encoding.ASCII.GetBytes(name), Encoding.UTF8.GetBytes(query[name] ?? ""));
        var results = new List<CommandResult>();
        Close(results, current, default);
        return results;
    }

    private static bool TryParseLine(ReadOnlySpan<byte> line, out Draft draft)
    {
        draft = default;
        var rest = line;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'&');
            var piece = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            var equals = piece.IndexOf((byte)'=');
            if (equals > 0)
                draft.Set(piece[..equals].Trim((byte)' '), piece[(equals + 1)..]);
        }

        // Without an id it is a parameter of the result above it, or nothing.
        return draft.Id is not null;
    }

    private static void Close(List<CommandResult> results, in Draft draft, ReadOnlyMemory<byte> body)
    {
        if (draft.Id is { Length: > 0 and <= MaxIdLength } id && id.All(char.IsAsciiLetterOrDigit))
            results.Add(new CommandResult(id, draft.Return, draft.Command ?? "", body[draft.ContentStart..Math.Max(draft.ContentStart, draft.ContentEnd)]));
    }

    private static int StartOf(ReadOnlySpan<byte> body, ReadOnlySpan<byte> line) => body.Overlaps(line, out var offset) ? offset : body.Length;

    private static bool Is(ReadOnlySpan<byte> key, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(key, name);

    private struct Draft
    {
        public string? Id;
        public int? Return;
        public string? Command;
        public bool IsOnLines;
        public int ContentStart;
        public int ContentEnd;

        public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            if (Is(key, "id"u8))
                Id = Encoding.Latin1.GetString(value[..Math.Min(value.Length, 64)]).Trim();
            else if (Is(key, "return"u8))
                Return = ZkNumber.Parse(value);
            else if (Is(key, "cmd"u8))
                Command = ZkText.Clean(value, ZkEncoding.ByValidity, MaxCommandLength);
        }
    }
}
