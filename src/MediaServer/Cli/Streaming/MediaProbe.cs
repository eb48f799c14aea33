using System.Text;
using System.Text.Json;

namespace MediaScore.MediaServer.Cli.Streaming;

/// <summary>What a media file holds, as <c>ffprobe</c> sees it.</summary>
/// <param name="Duration">Null where the file does not say.</param>
/// <param name="Notes">What the user should know before it is sent.</param>
internal sealed record MediaProbe(string Path, TimeSpan? Duration, ProbedSound? Sound, ProbedPicture? Picture, IReadOnlyList<string> Notes)
{
    /// <exception cref="CliException">Nothing can be sent of it; the message says why and what to do.</exception>
    public static async Task<MediaProbe> ExamineAsync(string path, CancellationToken cancellation)
    {
        var file = new FileInfo(path);
        if (Directory.Exists(path))
            throw new CliException(ExitCode.BadInput, $"{path} is a folder; name a media file.");
        if (!file.Exists)
            throw new CliException(ExitCode.BadInput, $"There is no file {path}.");
        if (file.Length == 0)
            throw new CliException(ExitCode.BadInput, $"{path} is empty (0 bytes). Record it again or copy it again.");

        await using var probe = FfmpegPipe.Start("ffprobe", ["-v", "error", "-show_format", "-show_streams", "-of", "json", "-i", "file:" + file.FullName]);
        using var text = new MemoryStream();
        await probe.Output.CopyToAsync(text, cancellation);
        if (await probe.FinishAsync(cancellation) is { } complaint)
        {
            var looksLikeText = await LooksLikeTextAsync(file.FullName, cancellation) ? " It holds text, not media." : "";
            throw new CliException(ExitCode.BadInput, $"{path} is not media that FFmpeg can read ({WithoutPath(complaint)}).{looksLikeText}");
        }

        text.Position = 0;
        using var json = await JsonDocument.ParseAsync(text, cancellationToken: cancellation);
        return Read(path, json.RootElement);
    }

    private static MediaProbe Read(string path, JsonElement root)
    {
        var streams = root.TryGetProperty("streams", out var list) ? list.EnumerateArray().ToList() : [];
        ProbedSound? sound = null;
        ProbedPicture? picture = null;
        foreach (var stream in streams)
        {
            var kind = Text(stream, "codec_type");
            var codec = Text(stream, "codec_name");
            if (kind is "audio" && sound is null)
                sound = new ProbedSound(codec, Number(stream, "sample_rate"), Number(stream, "channels"));
            // A cover picture in a sound file is no video.
            else if (kind is "video" && picture is null && !(stream.TryGetProperty("disposition", out var disposition) && Number(disposition, "attached_pic") == 1))
                picture = new ProbedPicture(codec, Number(stream, "width"), Number(stream, "height"));
        }

        if (sound is null && picture is null)
        {
            var kinds = streams.Count == 0 ? "no streams" : $"only {string.Join(", ", streams.Select(s => Text(s, "codec_type")).Distinct())}";
            throw new CliException(ExitCode.BadInput, $"{path} has neither sound nor pictures ({kinds}).");
        }

        var duration = root.TryGetProperty("format", out var format) && double.TryParse(Text(format, "duration"), out var seconds) ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        return new MediaProbe(path, duration, sound, picture, Judge(duration, sound, picture));
    }

    private static List<string> Judge(TimeSpan? duration, ProbedSound? sound, ProbedPicture? picture)
    {
        var notes = new List<string>();
        if (sound is null)
            notes.Add("no sound: nothing can be transcribed, so spoken answers will be \"not assessed\"; pictures are recorded and judged");
        else if (sound.SampleRate is > 0 and < 16_000)
            notes.Add($"{sound.SampleRate} Hz sound (telephone): works, but consonants are missing and more words will be misheard");
        if (sound is { Channels: > 2 })
            notes.Add($"{sound.Channels} channels of sound are mixed down to one");
        if (picture is null)
            notes.Add("no pictures: sound only");
        else if (picture.Width > MediaFeed.MaxWidth)
            notes.Add($"{picture.Width}x{picture.Height} pictures are scaled down to {MediaFeed.MaxWidth} wide before they are sent");
        // Shorter than any word.
        if (duration is { TotalMilliseconds: < 100 } brief)
            notes.Add($"only {brief.TotalMilliseconds:0.##} ms long: no word fits in it");
        return notes;
    }

    private static async Task<bool> LooksLikeTextAsync(string path, CancellationToken cancellation)
    {
        var head = new byte[512];
        await using var file = File.OpenRead(path);
        var count = await file.ReadAsync(head, cancellation);
        var text = Encoding.UTF8.GetString(head, 0, count);
        return text.TrimEnd('\uFFFD').All(c => c != '\uFFFD' && (!char.IsControl(c) || c is '\n' or '\r' or '\t'));
    }

    // "file:/home/x/y.mp4: Invalid data found when processing input": the path is in our own message already.
    private static string WithoutPath(string complaint)
    {
        var colon = complaint.LastIndexOf(": ", StringComparison.Ordinal);
        return colon >= 0 ? complaint[(colon + 2)..] : complaint;
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ToString() : "unknown";

    private static int Number(JsonElement element, string name) => int.TryParse(Text(element, name), out var number) ? number : 0;
}

internal sealed record ProbedSound(string Codec, int SampleRate, int Channels);

internal sealed record ProbedPicture(string Codec, int Width, int Height);
