using System.Text.Json;
using MediaScore.MediaServer.Cli;

namespace MediaScore.EndToEnd.Tests;

/// <summary>Runs <c>mediascore</c> in this process and keeps what it printed.</summary>
internal static class CommandLine
{
    public static async Task<CommandResult> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CliApplication.RunAsync(arguments, output, error);
        return new CommandResult(code, output.ToString(), error.ToString());
    }
}

internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as JSON lines; fails where a line is anything else.</summary>
    public IReadOnlyList<JsonElement> JsonLines =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public JsonElement Event(string name) => JsonLines.First(l => l.TryGetProperty("event", out var e) && e.GetString() == name);

    public CommandResult ShouldSucceed()
    {
        ExitCode.ShouldBe(0, $"standard error:\n{Error}\nstandard output:\n{Output}");
        return this;
    }
}
