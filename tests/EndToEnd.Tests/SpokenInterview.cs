using MediaScore.TestMedia;

namespace MediaScore.EndToEnd.Tests;

/// <summary>A short interview made on the spot: espeak-ng answers over a picture of a face, or over a test picture where there is none.</summary>
internal static class SpokenInterview
{
    public const string FirstAnswer =
        "Last winter a guest waited forty minutes for his dish and he was angry. First I listened and said sorry. Then I went to the kitchen, and we cooked his dish next, "
        + "so he had it after five minutes. As a result he came back the week after with six friends.";

    public const string SecondAnswer =
        "When an employee falls behind I ask for a talk in private. I listen, because often there is a reason at home. Then we agree on two goals, and we meet every week. "
        + "After two months her sales were up by twenty percent.";

    public const string WrittenAnswer =
        "We offer the lunch menu for families on Saturday and Sunday. It costs 800 for flyers, and 40 more guests a day pay for it in two weekends. "
        + "Anna plans the shifts by Wednesday. On Monday we count guests and margin, and stop if fewer than 20 came.";

    /// <summary>Writes <c>interview.mp4</c> and its stages file into <paramref name="folder"/>.</summary>
    public static async Task<string> MakeAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var first = await SpeakAsync(folder, "first.wav", FirstAnswer);
        var second = await SpeakAsync(folder, "second.wav", SecondAnswer);
        var video = Path.Combine(folder, "interview.mp4");
        var length = first + second;
        string[] picture = FacePicture.Astronaut is { } face
            ? ["-loop", "1", "-framerate", "15", "-i", face]
            : ["-f", "lavfi", "-i", "testsrc=size=512x512:rate=15"];
        await Ffmpeg.RunAsync(
            [
                .. picture, "-i", Path.Combine(folder, "first.wav"), "-i", Path.Combine(folder, "second.wav"), "-filter_complex", "[1:a][2:a]concat=n=2:v=0:a=1[a]",
                "-map", "0:v", "-map", "[a]", "-t", length.ToString("0.###"), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "30", "-c:a", "aac", "-y", video,
            ],
            []);
        await File.WriteAllTextAsync(
            video + ".stages.yaml",
            $"""
             stages:
               - stage: late-dish
                 question: late-dish-response
                 start: 0
                 end: {first:0.###}
               - stage: weekend-promotion
                 question: weekend-promotion-plan
                 start: {first:0.###}
                 text: "{WrittenAnswer}"
               - stage: falling-results
                 question: falling-results-talk
                 start: {first:0.###}
                 end: {length:0.###}
             """);
        return video;
    }

    private static async Task<double> SpeakAsync(string folder, string name, string text)
    {
        var samples = await SpokenSound.TrySpeakAsync(text) ?? throw new InvalidOperationException("espeak-ng is not installed: tools/setup.sh --test");
        // Silence around it, as people leave it.
        var padded = new float[samples.Length + 16_000];
        samples.CopyTo(padded, 8_000);
        var bytes = new byte[padded.Length * sizeof(float)];
        Buffer.BlockCopy(padded, 0, bytes, 0, bytes.Length);
        await File.WriteAllBytesAsync(Path.Combine(folder, name), await Ffmpeg.RunAsync(["-f", "f32le", "-ar", "16000", "-ac", "1", "-i", "-", "-f", "wav", "-"], bytes));
        return padded.Length / 16_000.0;
    }
}
