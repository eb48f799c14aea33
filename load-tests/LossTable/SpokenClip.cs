using MediaScore.Peers.Sources;
using MediaScore.TestMedia;

namespace MediaScore.LossTable;

/// <summary>Real speech with known words: utterances of the test media with pauses between them, as one clip, over a looping picture.</summary>
/// <param name="Reference">All that is said in it.</param>
internal sealed record SpokenClip(MediaClip Audio, MediaClip Video, string Reference)
{
    private const int SampleRate = 16_000;

    // Longer than what ends an utterance for the voice detector (600 ms), so that every utterance stands alone, as in the other tables.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.2);

    /// <param name="limit">Utterances are added until the clip is this long.</param>
    public static async Task<SpokenClip> MakeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var corpus = SpeechCorpus.TryLoad() ?? throw new InvalidOperationException(SharedTestData.SkipReason);
        var samples = new List<float>(new float[SampleRate]);
        var words = new List<string>();
        foreach (var utterance in corpus.Where(utterance => utterance.Part == SpeechCorpus.LibriSpeech))
        {
            var spoken = await SpokenSound.DecodeAsync(utterance.Path);
            if (samples.Count + spoken.Length > limit.TotalSeconds * SampleRate)
                break;
            samples.AddRange(spoken);
            samples.AddRange(new float[(int)(Pause.TotalSeconds * SampleRate)]);
            words.Add(utterance.Transcript);
        }

        var encoder = new ClipEncoder();
        var wave = Path.Combine(Path.GetTempPath(), $"loss-table-{words.Count}-{samples.Count}.wav");
        await File.WriteAllBytesAsync(wave, WaveFile.Write(samples, SampleRate), cancellationToken);
        var audio = await MediaClip.ReadOpusAsync(await encoder.OpusAsync(["-i", wave], cancellationToken: cancellationToken), cancellationToken);
        IReadOnlyList<string> picture = SharedTestData.TryFind("video", "hamilton_clip.mp4") is { } head ? ["-i", head] : ClipEncoder.SyntheticPicture(TimeSpan.FromSeconds(10));
        var video = await MediaClip.ReadVp8Async(await encoder.Vp8Async(picture, cancellationToken: cancellationToken), cancellationToken);
        return new SpokenClip(audio, video, string.Join(' ', words));
    }
}
