using System.Globalization;
using MediaScore.Perception.Speech;
using MediaScore.TestMedia;

namespace MediaScore.Benchmarks.Recognition;

/// <summary>The command line.</summary>
internal sealed record RecognitionOptions
{
    public string Models { get; private init; } = SharedTestData.PreparedModels;

    public string ModelId { get; private init; } = "moonshine-tiny-en";

    // One at a time; what a loaded server has under way at once; its most (AutoregressiveLoad.MaxBatch).
    public IReadOnlyList<int> Batches { get; private init; } = [1, 4, 16];

    /// <summary>Passes over all sounds, of which the cheapest counts.</summary>
    public int Repeats { get; private init; } = 1;

    public bool PrintsText { get; private init; }

    public bool PrintsJson { get; private init; }

    /// <summary>Folder of the package's own graphs, or null.</summary>
    public string? Packaged { get; private init; }

    /// <summary>An encoder graph to compare with the prepared one, or null.</summary>
    public string? OtherEncoder { get; private init; }

    public bool WithPocketSphinx { get; private init; }

    /// <summary>What <c>--text</c> wrote earlier, or null.</summary>
    public string? Against { get; private init; }

    public string ModelFolder => Path.Combine(Models, ModelId);

    public MoonshineTokenizer Tokenizer => MoonshineTokenizer.Load(Path.Combine(Models, "llama-vocabulary", "vocabulary.txt"));

    public static RecognitionOptions Parse(string[] arguments)
    {
        var options = new RecognitionOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--models" => options with { Models = Value() },
                "--model" => options with { ModelId = Value() },
                "--batch" => options with { Batches = [.. Value().Split(',').Select(Number)] },
                "--repeat" => options with { Repeats = Number(Value()) },
                "--packaged" => options with { Packaged = Value() },
                "--encoder" => options with { OtherEncoder = Value() },
                "--pocketsphinx" => options with { WithPocketSphinx = true },
                "--against" => options with { Against = Value() },
                "--text" => options with { PrintsText = true },
                "--json" => options with { PrintsJson = true },
                _ => throw Wrong($"Unknown argument {arguments[i]}"),
            };

            string Value() => ++i < arguments.Length ? arguments[i] : throw Wrong($"{arguments[i - 1]} wants a value");
        }

        return options;
    }

    private static int Number(string text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw Wrong($"'{text}' is not a number above zero");

    private static ArgumentException Wrong(string what) => new($"{what}; see bench/Recognition/README.md.");
}
