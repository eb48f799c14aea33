using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference.Catalog;

/// <summary>Runs a graph on its golden input and compares the answer.</summary>
internal static class GoldenCheck
{
    // Enough to tell a permuted or shifted output from the right one, and few enough for a person to read.
    private const int SampleCount = 8;

    // So that the share of an output of zeros is not a division by zero.
    private const double SmallestScale = 1e-12;

    /// <summary>One thread, so that a check disturbs a running server little and sums in one order.</summary>
    public static InferenceSession Load(string path)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            // Converted and pruned graphs carry constants that nobody reads, which is worth no line.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        ByteProductPrecision.Keep(options);
        OnnxSessions.AppendProvider(options, path);
        return new InferenceSession(path, options);
    }

    /// <summary>What the graph answers now, in the form of the catalog.</summary>
    /// <param name="outputs">Names of the outputs wanted.</param>
    /// <param name="tolerance">Taken over into the result.</param>
    /// <exception cref="KeyNotFoundException">An input without a recipe.</exception>
    public static IReadOnlyDictionary<string, GoldenOutput> Measure(
        InferenceSession session, IReadOnlyDictionary<string, GoldenInput> inputs, IReadOnlyCollection<string> outputs, double tolerance)
    {
        var feeds = new Dictionary<string, OrtValue>();
        try
        {
            foreach (var (name, metadata) in session.InputMetadata)
            {
                var recipe = GoldenTensors.TryFind(inputs, name) ?? throw new KeyNotFoundException($"the golden run has no recipe for input '{name}'");
                feeds[name] = GoldenTensors.Create(recipe, metadata.ElementDataType);
            }

            using var options = new RunOptions();
            using var results = session.Run(options, feeds, outputs);
            return outputs.Zip(results, (name, value) => (name, value)).ToDictionary(pair => pair.name, pair => Describe(pair.value, tolerance));
        }
        finally
        {
            foreach (var feed in feeds.Values)
                feed.Dispose();
        }
    }

    /// <returns>Largest difference as a share of the expected root mean square; infinite where shapes differ or a number is not finite.</returns>
    public static double Compare(GoldenOutput expected, GoldenOutput actual)
    {
        if (!expected.Shape.SequenceEqual(actual.Shape) || expected.Samples.Count != actual.Samples.Count)
            return double.PositiveInfinity;
        var difference = Math.Max(Math.Abs(expected.Mean - actual.Mean), Math.Abs(expected.RootMeanSquare - actual.RootMeanSquare));
        for (var index = 0; index < expected.Samples.Count; index++)
            difference = Math.Max(difference, Math.Abs(expected.Samples[index] - actual.Samples[index]));
        return double.IsFinite(difference) ? difference / Math.Max(expected.RootMeanSquare, SmallestScale) : double.PositiveInfinity;
    }

    private static GoldenOutput Describe(OrtValue value, double tolerance)
    {
        var elements = value.GetTensorDataAsSpan<float>();
        double sum = 0;
        double squares = 0;
        foreach (var element in elements)
        {
            sum += element;
            squares += (double)element * element;
        }

        var count = Math.Min(SampleCount, elements.Length);
        var samples = new double[count];
        for (var index = 0; index < count; index++)
            samples[index] = elements[count == 1 ? 0 : (int)((long)index * (elements.Length - 1) / (count - 1))];
        return new GoldenOutput(
            [.. value.GetTensorTypeAndShape().Shape.Select(extent => (int)extent)],
            sum / elements.Length, Math.Sqrt(squares / elements.Length), samples, tolerance);
    }
}
