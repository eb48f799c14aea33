using System.Globalization;
using System.Text;

namespace MediaScore.Perception.Speech;

/// <summary>
/// Turns token ids into text: the vocabulary of Llama 1 (SentencePiece, 32,000 pieces; a piece's line is its id), where U+2581 stands for a space and
/// <c>&lt;0xNN&gt;</c> for one byte of a character that no piece holds. Only reading is needed. Immutable.
/// </summary>
public sealed class MoonshineTokenizer
{
    public const int StartToken = 1;
    public const int EndToken = 2;

    private const char WordMark = '\u2581';
    private const int FirstTextToken = 3;
    private const string ByteMark = "<0x";

    private readonly string[] _pieces;

    private MoonshineTokenizer(string[] pieces) => _pieces = pieces;

    /// <param name="vocabularyPath">UTF-8, one piece a line.</param>
    /// <exception cref="InvalidDataException">The file does not begin as that vocabulary does.</exception>
    public static MoonshineTokenizer Load(string vocabularyPath)
    {
        // Split by line feed alone: pieces may hold other characters that count as line ends.
        var pieces = File.ReadAllText(vocabularyPath, Encoding.UTF8).Split('\n');
        if (pieces.Length <= FirstTextToken || pieces[StartToken] != "<s>" || pieces[EndToken] != "</s>")
            throw new InvalidDataException($"{vocabularyPath} is not a Llama vocabulary: the pieces 1 and 2 are not the marks of start and end.");
        return new MoonshineTokenizer(pieces);
    }

    /// <summary>One token's piece with its space; empty for marks and for ids beyond the vocabulary (the model reserves 768 that mean nothing).</summary>
    public string Piece(int token) => token < FirstTextToken || token >= _pieces.Length ? "" : _pieces[token].Replace(WordMark, ' ');

    /// <summary>The text of a sequence, trimmed. Bytes that are no UTF-8 become U+FFFD.</summary>
    public string Decode(IReadOnlyList<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var bytes = new List<byte>(tokens.Count * 4);
        foreach (var token in tokens)
        {
            var piece = Piece(token);
            if (IsByte(piece))
                bytes.Add(byte.Parse(piece.AsSpan(ByteMark.Length, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            else
                bytes.AddRange(Encoding.UTF8.GetBytes(piece));
        }

        return Encoding.UTF8.GetString([.. bytes]).Trim();
    }

    private static bool IsByte(string piece) => piece.Length == 6 && piece.StartsWith(ByteMark, StringComparison.Ordinal) && piece[^1] == '>';
}
