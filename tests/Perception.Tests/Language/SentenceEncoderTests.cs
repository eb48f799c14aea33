using MediaScore.Inference;
using MediaScore.Perception.Language;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Perception.Tests.Language;

public sealed class SentenceEncoderTests : IAsyncDisposable
{
    private readonly InferencePool _pool = new(new InferenceOptions { WorkerCount = 2 }, TimeProvider.System, NullLogger<InferencePool>.Instance);

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    // The values that the model card of sentence-transformers/all-MiniLM-L6-v2 prints for its example.
    [Fact]
    public async Task The_example_of_the_model_card_has_its_published_embedding()
    {
        var embedding = await Encoder().EncodeAsync("This is an example sentence", RequestClass.Deferred);

        var values = embedding.Values.ToArray();
        values.Length.ShouldBe(SentenceEncoder.Dimensions);
        values[0].ShouldBe(0.0677f, 0.0001f);
        values[1].ShouldBe(0.0635f, 0.0001f);
        values[2].ShouldBe(0.0487f, 0.0001f);
        embedding.Similarity(embedding).ShouldBe(1, 1e-6);
        embedding.Truncated.ShouldBeFalse();
    }

    [Fact]
    public async Task Sentences_of_one_meaning_are_nearer_than_sentences_of_different_meanings()
    {
        var encoder = Encoder();
        var late = await encoder.EncodeAsync("The dish is late and the guest is angry.", RequestClass.Deferred);
        var waits = await encoder.EncodeAsync("A customer complains because the food has not arrived.", RequestClass.Deferred);
        var budget = await encoder.EncodeAsync("The quarterly tax return must be filed by the accountant.", RequestClass.Deferred);

        late.Similarity(waits).ShouldBeGreaterThan(0.35);
        late.Similarity(budget).ShouldBeLessThan(0.2);
    }

    [Fact]
    public async Task Only_the_beginning_of_a_long_text_is_read_and_the_answer_says_so()
    {
        var encoder = Encoder();
        var beginning = string.Join(' ', Enumerable.Repeat("bread", 254));

        var whole = await encoder.EncodeAsync(beginning, RequestClass.Deferred);
        var longer = await encoder.EncodeAsync(beginning + " and then something else entirely", RequestClass.Deferred);

        whole.Truncated.ShouldBeFalse();
        longer.Truncated.ShouldBeTrue();
        longer.Values.ToArray().ShouldBe(whole.Values.ToArray());
    }

    [Fact]
    public async Task Texts_of_one_call_are_answered_in_order_and_as_if_alone()
    {
        var encoder = Encoder();
        string[] texts =
        [
            "I apologised.", "I listened first.", "Then I called the kitchen.", "We gave a discount.", "I told them why.", "Costs fell by a fifth.",
            "Nobody left.", "The guest came back.", "", "I asked her what had happened.", "He improved.", "I praised the team.",
        ];

        var together = await encoder.EncodeManyAsync(texts, RequestClass.Deferred);

        for (var i = 0; i < texts.Length; i++)
            (await encoder.EncodeAsync(texts[i], RequestClass.Live)).Values.ToArray().ShouldBe(together[i].Values.ToArray(), texts[i]);
    }

    [Fact]
    public async Task Empty_text_has_an_embedding_of_unit_length()
    {
        var embedding = await Encoder().EncodeAsync("", RequestClass.Deferred);

        embedding.Similarity(embedding).ShouldBe(1, 1e-6);
    }

    [Fact]
    public async Task A_vocabulary_with_carriage_returns_is_read_like_one_without()
    {
        var source = PreparedModelFiles.Require("minilm-l6-en", "vocab.txt");
        var lines = (await File.ReadAllTextAsync(source)).Replace("\r", "", StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("vocabulary");
        try
        {
            var (plain, windows) = (Path.Combine(folder.FullName, "plain.txt"), Path.Combine(folder.FullName, "windows.txt"));
            await File.WriteAllTextAsync(plain, lines);
            await File.WriteAllTextAsync(windows, lines.Replace("\n", "\r\n", StringComparison.Ordinal));

            var fromPlain = await Encoder(plain).EncodeAsync("A dish is late", RequestClass.Deferred);
            var fromWindows = await Encoder(windows).EncodeAsync("A dish is late", RequestClass.Deferred);

            fromWindows.Values.ToArray().ShouldBe(fromPlain.Values.ToArray());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private SentenceEncoder Encoder(string? vocabulary = null) =>
        new(_pool, PreparedModelFiles.Require("minilm-l6-en"), vocabulary ?? PreparedModelFiles.Require("minilm-l6-en", "vocab.txt"), "test");
}
