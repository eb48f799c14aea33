using MediaScore.DeviceStreams.Isapi.Client;

namespace MediaScore.DeviceStreams.Isapi.Commands;

/// <summary>How a command ended, in words for an operator.</summary>
internal readonly record struct CommandOutcome(bool Succeeded, string Words)
{
    public static CommandOutcome Done(string words) => new(true, words);

    public static CommandOutcome Failed(string words) => new(false, words);

    public static CommandOutcome Of(ResponseStatus status, string what) => new(status.IsOk, status.IsOk && !status.NeedsReboot ? what : $"{what}: {status.Words}");
}
