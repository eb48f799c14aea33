namespace MediaScore.TestMedia;

/// <summary>One utterance of <c>speech-en</c> with what was said in it.</summary>
/// <param name="Part">Its folder: <c>librispeech-test-other</c> or <c>misc</c>.</param>
public sealed record SpokenUtterance(string Part, string Path, string Transcript);

/// <summary>The English utterances by which word error rates are measured.</summary>
public static class SpeechCorpus
{
    public const string LibriSpeech = "librispeech-test-other";
    public const string Misc = "misc";

    // Its transcript is not what is said in it.
    private const string WrongTranscript = "sb_spk2_snt5";

    /// <summary>LibriSpeech and misc parts in the manifest's order, without accents (unconfirmed transcripts); null where this machine has no media.</summary>
    public static IReadOnlyList<SpokenUtterance>? TryLoad()
    {
        if (SharedTestData.TryFind("speech-en", "MANIFEST.tsv") is not { } manifest)
            return null;
        var folder = Path.GetDirectoryName(manifest)!;
        return
        [
            .. from line in File.ReadLines(manifest).Skip(1)
               let columns = line.Split('\t')
               let part = columns[0].Split('/')[0]
               where part is LibriSpeech or Misc && !columns[0].Contains(WrongTranscript, StringComparison.Ordinal)
               select new SpokenUtterance(part, Path.Combine(folder, columns[0]), columns[5]),
        ];
    }
}
