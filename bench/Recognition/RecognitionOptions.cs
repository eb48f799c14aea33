using System.Globalization;
using MediaScore.Perception.Speech;
using MediaScore.TestMedia;

namespace MediaScore.Benchmarks.Recognition;

/// <summary>The command line.</summary>
internal sealed record RecognitionOptions(string Models, string ModelId, IReadOnlyList<int> Batches, bool PrintText, string? Packaged)
{
    public string ModelFolder => Path.Combine(Models, ModelId);

    public MoonshineTokenizer Tokenizer => MoonshineTokenizer.Load(Path.Combine(Models, "llama-vocabulary", "vocabulary.txt"));

    public static RecognitionOptions Parse(string[] arguments)
    {
        var options = new RecognitionOptions(SharedTestData.PreparedModels, "moonshine-tiny-en", [1, 8, 16], PrintText: false, Packaged: null);
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--models" => options with { Models = arguments[++i] },
                "--model" => options with { ModelId = arguments[++i] },
                "--batch" => options with { Batches = [.. arguments[++i].Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))] },
                "--packaged" => options with { Packaged = arguments[++i] },
                "--text" => options with { PrintText = true },
                _ => throw new ArgumentException($"Unknown argument {arguments[i]}; see bench/Recognition/README.md."),
            };
        }

        return options;
    }
}
