using System.Runtime.InteropServices;
using MediaScore.TestMedia;

namespace MediaScore.EndToEnd.Tests.Candidate;

/// <summary>What the browser's fake camera and microphone play, over and over: a real recording where this machine has the media, else a spoken sentence and a picture.</summary>
/// <param name="Camera">Motion JPEG.</param>
/// <param name="Microphone">WAVE, 48 kHz.</param>
/// <param name="Words">What is said in one turn.</param>
/// <param name="Turn">Length of one turn of the sound, with the silence after it.</param>
internal sealed record CandidateMedia(string Camera, string Microphone, string Words, TimeSpan Turn)
{
    private const string Sentence = "When a guest waits too long I go to the table myself and I say sorry, and then I ask the kitchen how long it will take.";

    // One utterance ends after 600 ms of silence, so each turn is one of its own.
    private const double SilenceSeconds = 1.6;

    public static async Task<CandidateMedia> MakeAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var (samples, words) = await SoundAsync();
        var padded = new float[samples.Length + (int)(SilenceSeconds * 16_000)];
        samples.CopyTo(padded, 0);
        var microphone = Path.Combine(folder, "microphone.wav");
        await Ffmpeg.RunAsync(
            ["-f", "f32le", "-ar", "16000", "-ac", "1", "-i", "-", "-ar", "48000", "-c:a", "pcm_s16le", "-y", microphone], MemoryMarshal.AsBytes(padded.AsSpan()).ToArray());

        var camera = Path.Combine(folder, "camera.mjpeg");
        string[] picture = SharedTestData.TryFind("video", "grid_bbaf2n.mpg") is { } talkingHead ? ["-stream_loop", "1", "-i", talkingHead]
            : FacePicture.Astronaut is { } face ? ["-loop", "1", "-framerate", "15", "-i", face]
            : ["-f", "lavfi", "-i", "testsrc=size=640x480:rate=15"];
        await Ffmpeg.RunAsync(
            [
                .. picture, "-t", "6", "-an", "-vf", "scale=640:480:force_original_aspect_ratio=increase,crop=640:480,fps=15", "-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p",
                "-f", "mjpeg", "-y", camera,
            ],
            []);
        return new CandidateMedia(camera, microphone, words, TimeSpan.FromSeconds(padded.Length / 16_000.0));
    }

    private static async Task<(float[] Samples, string Words)> SoundAsync()
    {
        if (SpeechCorpus.TryLoad()?.FirstOrDefault(u => u.Path.EndsWith("1998-15444-0005.flac", StringComparison.Ordinal)) is { } utterance)
            return (await SpokenSound.DecodeAsync(utterance.Path), utterance.Transcript);
        var spoken = await SpokenSound.TrySpeakAsync(Sentence) ?? throw new InvalidOperationException("espeak-ng is not installed: tools/setup.sh --test");
        return (spoken, Sentence);
    }
}
