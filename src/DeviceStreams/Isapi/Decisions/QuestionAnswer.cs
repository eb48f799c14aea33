using System.Text.Json;

namespace MediaScore.DeviceStreams.Isapi.Decisions;

/// <summary>What a device is told that asked who may pass. Durable before anybody sees it.</summary>
/// <param name="IsDue">False: it is told nothing, since the question was answered before, or is too old, or not ours.</param>
/// <param name="Words">For the screen at the door, which everybody reads.</param>
internal readonly record struct QuestionAnswer(bool IsDue, bool IsGranted, string Words)
{
    public static QuestionAnswer None => default;

    /// <summary>The serial exactly as it was asked.</summary>
    public string ToJson(long serial) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["RemoteCheck"] = new Dictionary<string, object> { ["serialNo"] = serial, ["checkResult"] = IsGranted ? "success" : "failed", ["info"] = Words },
    });
}
