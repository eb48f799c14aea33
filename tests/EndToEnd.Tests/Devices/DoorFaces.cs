using MediaScore.TestMedia;

namespace MediaScore.EndToEnd.Tests.Devices;

/// <summary>Pictures of a real face as a terminal's camera sends them, and as a webcam shows it.</summary>
internal static class DoorFaces
{
    public const string Number = "1001";

    /// <summary>A folder as <c>device simulate --faces</c> takes it: one person, seen a little differently each time.</summary>
    public static async Task<string> MakeAsync(string folder, string portrait)
    {
        var person = Directory.CreateDirectory(Path.Combine(folder, Number)).FullName;
        string[] views = ["scale=480:-2", "scale=480:-2,eq=brightness=0.06", "scale=480:-2,rotate=4*PI/180:fillcolor=gray"];
        foreach (var (view, index) in views.Select((view, index) => (view, index)))
            await Ffmpeg.RunAsync(["-i", portrait, "-vf", view, "-frames:v", "1", "-q:v", "3", "-pix_fmt", "yuvj420p", "-y", Path.Combine(person, $"{index}.jpg")], []);
        return folder;
    }
}
