using System.Text;
using System.Text.RegularExpressions;

namespace MediaScore.Inference.Graphs;

/// <summary>
/// Takes the vocabulary out of llama-tokenizer-js: the script holds it as base64 of UTF-8 text, one piece a line, the line's number its id. Written to
/// <c>vocabulary.txt</c> as it is: pieces keep U+2581 for a space and <c>&lt;0xNN&gt;</c> for a byte.
/// </summary>
internal sealed partial class LlamaVocabularyRewriter : IGraphRewriter
{
    /// <summary>Pieces of Llama 1, which Moonshine's tokenizer starts with.</summary>
    private const int PieceCount = 32_000;

    public string Name => "llama-vocabulary";

    public int Revision => 0;

    public void Rewrite(IReadOnlyDictionary<string, string> sources, string outputFolder)
    {
        var script = File.ReadAllText(sources["script"]);
        var match = Declaration().Match(script);
        if (!match.Success)
            throw new InvalidDataException("the script declares no llama_vocab_base64");
        var text = Convert.FromBase64String(match.Groups[1].Value);
        var pieces = Encoding.UTF8.GetString(text).Split('\n').Length;
        if (pieces != PieceCount)
            throw new InvalidDataException($"the vocabulary has {pieces} pieces, not {PieceCount}");
        File.WriteAllBytes(Path.Combine(outputFolder, "vocabulary.txt"), text);
    }

    [GeneratedRegex("llama_vocab_base64 = \"([A-Za-z0-9+/=]+)\"")]
    private static partial Regex Declaration();
}
