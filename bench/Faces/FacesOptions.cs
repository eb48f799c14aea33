using MediaScore.TestMedia;

namespace MediaScore.Benchmarks.Faces;

/// <summary>The command line.</summary>
internal sealed record FacesOptions
{
    public string Models { get; private init; } = SharedTestData.PreparedModels;

    /// <summary>The embedder's graph that runs outside of the pool; null: the prepared one.</summary>
    public string? Graph { get; private init; }

    /// <summary>Where the curve goes; null: nowhere.</summary>
    public string? Curve { get; private init; }

    public bool PrintsJson { get; private init; }

    public static FacesOptions Parse(string[] arguments)
    {
        var options = new FacesOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--models" => options with { Models = Value() },
                "--graph" => options with { Graph = Value() },
                "--curve" => options with { Curve = Value() },
                "--json" => options with { PrintsJson = true },
                _ => throw Wrong($"Unknown argument {arguments[i]}"),
            };

            string Value() => ++i < arguments.Length ? arguments[i] : throw Wrong($"{arguments[i - 1]} wants a value");
        }

        return options;
    }

    private static ArgumentException Wrong(string what) => new($"{what}; see bench/Faces/README.md.");
}
