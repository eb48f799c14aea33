using MediaScore.EndToEnd.Tests.Candidate;
using MediaScore.Recording;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.EndToEnd.Tests.Playback;

/// <summary>What Chromium makes of a recording's clips, whole and cut. Firefox plays the same ones in tests/Interop/firefox-playback.sh.</summary>
public sealed class RecordingsPlayTests(ITestOutputHelper output)
{
    // As fast as Chromium still gives the sound.
    private const double Rate = 4;
    private const int AtOnce = 6;

    // A picture and a half, in seconds.
    private const double LengthTolerance = 0.1;
    private const int LogCuts = 3;

    // Never reached but by a player that hangs.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(MediaCodec.Vp8)]
    [InlineData(MediaCodec.H264)]
    public async Task Every_clip_plays_in_Chromium_to_its_end_whole_and_cut_at_any_byte(MediaCodec codec)
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        using var scratch = new ScratchFolder();
        var clips = await ClipsAsync(await ShortRecording.MakeAsync(scratch["recording"], codec), codec);
        await KeptClips.WriteIfWantedAsync($"{codec}.json", clips);
        await using var server = await ClipServer.StartAsync(clips);
        await using var browser = await PlayingBrowser.StartAsync(server.Address);

        foreach (var few in clips.SelectMany(clip => new[] { (Clip: clip, Url: $"/file/{clip.Name}"), (Clip: clip, Url: $"/stream/{clip.Name}") }).Chunk(AtOnce))
        {
            var played = await Task.WhenAll(few.Select(one => browser.PlayAsync(one.Url, Rate, Limit)));
            foreach (var (one, seen) in few.Zip(played))
            {
                var what = $"{one.Url}, {one.Clip.Seconds:F2} s with {one.Clip.PictureCount} pictures: {seen} {string.Join(" ", seen.Sizes)}";
                output.WriteLine(what);
                ShouldHavePlayed(one.Clip, seen, what);
                if (!one.Clip.IsCut)
                    ShouldBeWhole(one.Clip, seen, what);
            }
        }
    }

    private static void ShouldHavePlayed(Clip clip, PlayedClip seen, string what)
    {
        seen.Error.ShouldBeNull(what);
        seen.How.ShouldBe("ended", what);
        seen.Decoded.ShouldBeGreaterThan(0, what);
        seen.Presented.ShouldBeGreaterThan(0, what);
        seen.SoundBytes.ShouldNotBeNull(what).ShouldBeGreaterThan(0, what);
        // A quarter of full scale went in.
        seen.Peak.ShouldBeGreaterThan(0.05, what);
        seen.CurrentTime.ShouldBe(seen.Duration.ShouldNotBeNull(what), 0.05, what);
        seen.Duration!.Value.ShouldBeLessThan(clip.AskedSeconds + LengthTolerance, what);
    }

    private static void ShouldBeWhole(Clip clip, PlayedClip seen, string what)
    {
        seen.Duration!.Value.ShouldBeGreaterThan(clip.Seconds - LengthTolerance, what);
        // FFmpeg fills holes with pictures where it encodes to MP4.
        seen.Decoded.ShouldBeGreaterThanOrEqualTo(clip.PictureCount, what);
        // What is transcoded keeps its first size; what is copied changes with its pictures.
        if (clip.ContentType == "video/x-matroska" && clip.Seconds > ShortRecording.OtherSizeFromSeconds)
            (seen.Width, seen.Height).ShouldBe((640, 360), what);
    }

    private static async Task<List<Clip>> ClipsAsync(ShortRecording recording, MediaCodec codec)
    {
        var random = new Random(29);
        var name = codec.ToString().ToLowerInvariant();
        var whole = await recording.ExportAsync($"{name}.webm", ClipFormat.WebM);
        var archive = await recording.ExportAsync($"{name}.mkv", ClipFormat.Matroska);
        var clips = new List<Clip>
        {
            whole,
            archive,
            await recording.ExportAsync($"{name}.mp4", ClipFormat.Mp4),
            // As a quote of the report: it begins among lost pictures and ends where nothing came.
            await recording.ExportAsync($"{name}-quote.webm", ClipFormat.WebM, range: new MediaRange(MediaTime.FromSeconds(1.5), MediaTime.FromSeconds(4))),
        };
        // Not of MP4: a fragment tells of bytes that a cut file does not have, and browsers stop there with an error.
        foreach (var made in (Clip[])[whole, archive])
        {
            var at = random.Next(made.Bytes.Length / 4, made.Bytes.Length);
            clips.Add(made.Cut($"file-cut-at-{at}-{made.Name}", at));
        }

        var lastCut = 0;
        while (clips.Count(clip => clip.Name.StartsWith("log", StringComparison.Ordinal)) < LogCuts)
        {
            // Behind the first pictures; what a length gives is a whole number of chunks, and each of them is played once.
            var at = random.Next(recording.Log.Length / 5, recording.Log.Length);
            var cut = await recording.ExportAsync($"log-cut-at-{at}-{name}.webm", ClipFormat.WebM, at);
            if (cut.PictureCount == 0 || clips.Exists(clip => clip.SoundCount == cut.SoundCount))
                continue;
            clips.Add(cut);
            lastCut = at;
        }

        clips.Add(await recording.ExportAsync($"log-cut-at-{lastCut}-{name}.mkv", ClipFormat.Matroska, lastCut));
        clips.Add(await recording.ExportAsync($"log-cut-at-{lastCut}-{name}.mp4", ClipFormat.Mp4, lastCut));
        return clips;
    }
}
