using MediaScore.TestMedia;

namespace MediaScore.Benchmarks.Captions;

/// <summary>One recording of speech.</summary>
/// <param name="Part">The part of the test media it stands for in a table.</param>
/// <param name="Speaker">By the file's name; utterances of one speaker stand together.</param>
/// <param name="Transcript">Empty where what is said is not known.</param>
internal sealed record Speech(string Part, string Speaker, string Transcript, float[] Samples)
{
    public const int SampleRate = 16_000;

    public const string Dialogue = "dialogue";

    /// <summary>The utterances that word errors are counted by.</summary>
    public static async Task<IReadOnlyList<Speech>> LoadUtterancesAsync()
    {
        var speech = new List<Speech>();
        foreach (var utterance in SpeechCorpus.TryLoad() ?? throw new InvalidOperationException(SharedTestData.SkipReason))
        {
            var speaker = Path.GetFileName(utterance.Path).Split('-', '_')[0];
            speech.Add(new Speech(utterance.Part, speaker, utterance.Transcript, await SpokenSound.DecodeAsync(utterance.Path)));
        }

        return speech;
    }

    /// <summary>Talk that nobody reads from a page: meetings, telephone calls and interviews.</summary>
    public static async Task<IReadOnlyList<Speech>> LoadDialoguesAsync()
    {
        var speech = new List<Speech>();
        if (SharedTestData.TryFind("dialogue") is not { } folder)
            return speech;
        foreach (var path in Directory.GetFiles(folder, "*.flac").Order())
            speech.Add(new Speech(Dialogue, Path.GetFileNameWithoutExtension(path), "", await SpokenSound.DecodeAsync(path)));
        return speech;
    }

    /// <summary>The sound with silence behind it.</summary>
    public float[] WithSilence(double seconds) => [.. Samples, .. new float[(int)(seconds * SampleRate)]];
}
