using System.Text;
using MediaScore.Inference.Graphs;

namespace MediaScore.Inference.Tests.Graphs;

public sealed class LlamaVocabularyRewriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mediascore-vocabulary-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_vocabulary_is_taken_out_of_the_script()
    {
        var pieces = string.Join('\n', Enumerable.Range(0, 32_000).Select(id => $"\u2581piece{id}"));

        Rewrite($"const llama_vocab_base64 = \"{Convert.ToBase64String(Encoding.UTF8.GetBytes(pieces))}\"\nconst other = 1;");

        File.ReadAllText(Path.Combine(_folder, "vocabulary.txt")).ShouldBe(pieces);
    }

    [Fact]
    public void A_vocabulary_of_another_size_is_refused() =>
        Should.Throw<InvalidDataException>(() => Rewrite("const llama_vocab_base64 = \"YQ==\"")).Message.ShouldContain("1 pieces, not 32000");

    [Fact]
    public void A_script_without_a_vocabulary_is_refused() =>
        Should.Throw<InvalidDataException>(() => Rewrite("const merges = \"YQ==\"")).Message.ShouldContain("llama_vocab_base64");

    [Fact]
    public void The_prepared_vocabulary_holds_the_pieces_that_moonshine_begins_and_ends_with()
    {
        Assert.SkipUnless(PreparedModelFolder.IsThere, PreparedModelFolder.SkipReason);

        var pieces = File.ReadAllText(PreparedModelFolder.Open().Get("llama-vocabulary").PathOf("vocabulary.txt")).Split('\n');

        // Ids as in Moonshine's generation config: 1 begins, 2 ends; bytes follow from 3.
        pieces[..4].ShouldBe(["<unk>", "<s>", "</s>", "<0x00>"]);
        pieces[258].ShouldBe("<0xFF>");
        pieces.Length.ShouldBe(32_000);
    }

    private void Rewrite(string script)
    {
        var path = Path.Combine(_folder, "script.js");
        File.WriteAllText(path, script);
        new LlamaVocabularyRewriter().Rewrite(new Dictionary<string, string> { ["script"] = path }, _folder);
    }
}
