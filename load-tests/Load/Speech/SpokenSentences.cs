using System.ComponentModel;
using System.Diagnostics;
using MediaScore.TestMedia;

namespace MediaScore.Load.Speech;

/// <summary>Speech for machines without recordings: sentences read by espeak-ng in several voices. Its word errors say nothing of people.</summary>
internal static class SpokenSentences
{
    private static readonly string[] Voices = ["en-us", "en-gb", "en-us+f3", "en-gb+m7", "en-us+f5", "en-gb-scotland+m3"];

    private static readonly string[] Sentences =
    [
        "I would go to the table at once, listen to the guest and tell her honestly how long it will take.",
        "Then I would ask the kitchen to cook this dish first, and bring something small in the meantime.",
        "Last year we had an outage on a Friday evening, and nobody knew which change had caused it.",
        "I looked at the log files, compared them with the day before, and found a setting that was missing.",
        "We agreed on two goals for the next three weeks and met every Friday to see how it went.",
        "When two people want the same day off, I ask both of them for the reason and look for a third way.",
        "The customer was angry because nobody had called back, so I took over the case and called every hour.",
        "In the first month I would work in every position, so that I know what I am asking of the team.",
    ];

    /// <exception cref="InvalidOperationException">The program is not installed.</exception>
    public static async Task<List<CorpusUtterance>> ListAsync(CancellationToken cancellation)
    {
        var folder = Path.Combine(SharedTestData.RepositoryRoot, "artifacts", "load-clips", "sentences");
        Directory.CreateDirectory(folder);
        var all = new List<CorpusUtterance>();
        for (var voice = 0; voice < Voices.Length; voice++)
        {
            for (var sentence = 0; sentence < Sentences.Length; sentence++)
            {
                var path = Path.Combine(folder, $"voice{voice}_{sentence}.wav");
                if (!File.Exists(path))
                    await SpeakAsync(Voices[voice], Sentences[sentence], path, cancellation);
                all.Add(new CorpusUtterance(Voices[voice], path, Sentences[sentence]));
            }
        }

        return all;
    }

    private static async Task SpeakAsync(string voice, string sentence, string path, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("espeak-ng", ["-v", voice, "-s", "150", "-w", path, sentence]) { UseShellExecute = false })
                ?? throw new InvalidOperationException("espeak-ng did not start.");
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"espeak-ng ended with {process.ExitCode}.");
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"There is no speech to send. {SharedTestData.SkipReason} Or install espeak-ng: tools/setup.sh --test", e);
        }
    }
}
