using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace MediaScore.Benchmarks.Recognition;

/// <summary>Debian's pocketsphinx with its own English model, as installed, all settings left as they come.</summary>
internal static partial class PocketSphinxRecognition
{
    public const string Missing = "needs pocketsphinx: apt-get install pocketsphinx pocketsphinx-en-us";

    private const string Program = "/usr/bin/pocketsphinx_batch";
    private const string Models = "/usr/share/pocketsphinx/model/en-us";

    public static bool IsThere => File.Exists(Program) && Directory.Exists(Models);

    public static async Task<RecognitionRun> RecognizeAsync(IReadOnlyList<Sound> sounds)
    {
        var folder = Directory.CreateTempSubdirectory("mediascore-pocketsphinx-").FullName;
        try
        {
            for (var i = 0; i < sounds.Count; i++)
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{i}.raw"), ToSixteenBits(sounds[i].Samples));
            await File.WriteAllLinesAsync(Path.Combine(folder, "list"), sounds.Select((_, index) => index.ToString(CultureInfo.InvariantCulture)));
            var log = await RunAsync(folder);
            return new RecognitionRun(await ReadTextsAsync(Path.Combine(folder, "heard"), sounds.Count), TimeSpan.Zero, ReadTime(log), 0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> RunAsync(string folder)
    {
        var start = new ProcessStartInfo(
            Program,
            [
                "-adcin", "yes", "-cepdir", folder, "-cepext", ".raw", "-ctl", Path.Combine(folder, "list"), "-hyp", Path.Combine(folder, "heard"),
                "-hmm", $"{Models}/en-us", "-lm", $"{Models}/en-us.lm.bin", "-dict", $"{Models}/cmudict-en-us.dict",
            ])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{Program} did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var log = await errors + await output;
        return process.ExitCode == 0 ? log : throw new InvalidOperationException($"{Program} ended with {process.ExitCode}: {log[^Math.Min(log.Length, 500)..]}");
    }

    // One line an utterance, in any order: the words, then (its name and a score).
    private static async Task<IReadOnlyList<string>> ReadTextsAsync(string path, int count)
    {
        var texts = new string[count];
        Array.Fill(texts, "");
        foreach (var line in await File.ReadAllLinesAsync(path))
        {
            if (Heard().Match(line) is { Success: true } match)
                texts[int.Parse(match.Groups["name"].Value, CultureInfo.InvariantCulture)] = match.Groups["text"].Value;
        }

        return texts;
    }

    // Its own count of processor time, which leaves the loading of its models out, as ours does.
    private static TimeSpan ReadTime(string log) => ProcessorTime().Match(log) is { Success: true } match
        ? TimeSpan.FromSeconds(double.Parse(match.Groups["seconds"].Value, CultureInfo.InvariantCulture))
        : throw new InvalidDataException($"{Program} did not say what processor time it took.");

    private static byte[] ToSixteenBits(float[] samples)
    {
        var shorts = new short[samples.Length];
        for (var i = 0; i < shorts.Length; i++)
            shorts[i] = (short)Math.Clamp(samples[i] * short.MaxValue, short.MinValue, short.MaxValue);
        return MemoryMarshal.AsBytes(shorts.AsSpan()).ToArray();
    }

    [GeneratedRegex(@"^(?<text>.*)\((?<name>\d+) -?\d+\)\s*$")]
    private static partial Regex Heard();

    [GeneratedRegex(@"TOTAL [\d.]+ seconds speech, (?<seconds>[\d.]+) seconds CPU")]
    private static partial Regex ProcessorTime();
}
