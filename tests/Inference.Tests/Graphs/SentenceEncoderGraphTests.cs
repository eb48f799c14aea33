using MediaScore.Inference.Catalog;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference.Tests.Graphs;

public sealed class SentenceEncoderGraphTests
{
    /// <summary>Origin: the vector that the model card of sentence-transformers/all-MiniLM-L6-v2 prints for this sentence.</summary>
    [Fact]
    public void The_published_sentence_gives_the_published_vector()
    {
        Assert.SkipUnless(PreparedModelFolder.IsThere, PreparedModelFolder.SkipReason);
        // [CLS] this is an example sentence [SEP]
        long[] tokens = [101, 2023, 2003, 2019, 2742, 6251, 102];
        using var session = GoldenCheck.Load(PreparedModelFolder.Open().Get("minilm-l6-en").GraphPath);

        using var ids = OrtValue.CreateTensorValueFromMemory(tokens, [1, tokens.Length]);
        using var mask = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(tokens, _ => 1L), [1, tokens.Length]);
        using var types = OrtValue.CreateTensorValueFromMemory(new long[tokens.Length], [1, tokens.Length]);
        using var options = new RunOptions();
        using var results = session.Run(options, ["input_ids", "attention_mask", "token_type_ids"], [ids, mask, types], ["last_hidden_state"]);
        var states = results[0].GetTensorDataAsSpan<float>().ToArray();

        var mean = Enumerable.Range(0, 384).Select(dimension => Enumerable.Range(0, tokens.Length).Average(token => states[(token * 384) + dimension])).ToArray();
        var length = MathF.Sqrt(mean.Sum(value => value * value));
        mean.Take(3).Select(value => value / length).ShouldBe([0.0677f, 0.0635f, 0.0487f], 1e-4f);
    }
}
