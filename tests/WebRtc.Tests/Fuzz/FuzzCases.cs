using System.Globalization;
using MediaScore.TestMedia;

namespace MediaScore.WebRtc.Tests.Fuzz;

/// <summary>How many cases, and where they start from.</summary>
internal static class FuzzCases
{
    /// <summary><c>MEDIASCORE_FUZZ_CASES</c> for each parser, else few enough to take a moment of <c>make test</c>.</summary>
    public static int Count { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("MEDIASCORE_FUZZ_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 20_000;

    /// <summary>The seed of a run: <c>MEDIASCORE_FUZZ_SEED</c>, else always the same.</summary>
    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("MEDIASCORE_FUZZ_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : 20_261_125;

    /// <summary>Real inputs of <c>webrtc/</c> in the test data, where this machine has it: folders relative to that.</summary>
    public static List<byte[]> Corpus(string pattern, params string[] folders)
    {
        var inputs = new List<byte[]>();
        foreach (var folder in folders)
        {
            if (SharedTestData.TryFind("webrtc", folder) is not { } path)
                continue;
            foreach (var file in Directory.GetFiles(path, pattern).Order(StringComparer.Ordinal))
                inputs.Add(File.ReadAllBytes(file));
        }

        return inputs;
    }

    /// <summary>Runs the cases; what a parser throws is reported with the case that made it.</summary>
    /// <param name="maxLength">Bytes of the longest case.</param>
    /// <param name="parse">Gets a buffer and how many bytes of it are the case.</param>
    /// <param name="count">Fewer than <see cref="Count"/> where one case takes long.</param>
    public static void Run(IReadOnlyList<byte[]> seeds, int maxLength, Action<byte[], int> parse, int? count = null)
    {
        var mutator = new Mutator(Seed);
        var buffer = new byte[maxLength];
        for (var number = 0; number < (count ?? Count); number++)
        {
            var length = mutator.Mutate(seeds[mutator.Random.Next(seeds.Count)], seeds[mutator.Random.Next(seeds.Count)], buffer);
            try
            {
                parse(buffer, length);
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"Case {number} of seed {Seed}: {failure}{Environment.NewLine}{Convert.ToHexString(buffer, 0, length)}");
            }
        }
    }
}
