using System.Text.Json;

namespace MediaScore.EndToEnd.Tests.Playback;

/// <summary>Clips in a folder for tests/Interop/firefox-playback.sh, which names it in <c>MEDIASCORE_KEEP_CLIPS</c>.</summary>
internal static class KeptClips
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="listName">Of the JSON file that says what is in the clips.</param>
    public static async Task WriteIfWantedAsync(string listName, IReadOnlyList<Clip> clips)
    {
        if (Environment.GetEnvironmentVariable("MEDIASCORE_KEEP_CLIPS") is not { Length: > 0 } folder)
            return;
        Directory.CreateDirectory(folder);
        foreach (var clip in clips)
            await File.WriteAllBytesAsync(Path.Combine(folder, clip.Name), clip.Bytes);
        var list = clips.Select(clip => new { clip.Name, clip.ContentType, clip.Seconds, clip.AskedSeconds, clip.SoundCount, clip.PictureCount, clip.IsCut });
        await File.WriteAllTextAsync(Path.Combine(folder, listName), JsonSerializer.Serialize(list, Web));
    }
}
