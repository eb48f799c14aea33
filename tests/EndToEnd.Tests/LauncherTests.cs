using System.Diagnostics;
using System.Globalization;
using MediaScore.TestMedia;

namespace MediaScore.EndToEnd.Tests;

/// <summary><c>./mediascore</c> builds what it starts; here with a compiler that is a script, since what is asked is how calls wait for each other.</summary>
public sealed class LauncherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_a_build_leaves_running_does_not_hold_up_the_next_call()
    {
        using var scratch = new ScratchFolder();
        var program = Path.Combine(scratch["src"], "MediaServer", "bin", "Release", "net10.0");
        Directory.CreateDirectory(program);
        Directory.CreateDirectory(scratch["protos"]);
        Directory.CreateDirectory(scratch["tools"]);
        foreach (var props in (string[])["Directory.Build.props", "Directory.Packages.props"])
            await File.WriteAllTextAsync(scratch[props], "<Project/>", TestContext.Current.CancellationToken);
        File.Copy(Path.Combine(SharedTestData.RepositoryRoot, "mediascore"), scratch["mediascore"]);
        // As the real one does: a server of the build stays, with whatever it inherited.
        await WriteScriptAsync(Path.Combine(scratch["tools"], "dotnet"), $"sleep 600 > /dev/null 2>&1 &\necho $! >> '{scratch["servers"]}'\ntouch '{program}/mediascore.dll'\n");
        await WriteScriptAsync(Path.Combine(program, "mediascore"), "echo \"started $*\"\n");
        try
        {
            (await RunAsync(scratch, "first")).ShouldBe("started first\n");
            await File.WriteAllTextAsync(Path.Combine(scratch["src"], "Changed.cs"), "// newer", TestContext.Current.CancellationToken);
            File.SetLastWriteTimeUtc(Path.Combine(scratch["src"], "Changed.cs"), TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5));

            (await RunAsync(scratch, "second")).ShouldBe("started second\n");

            (await File.ReadAllLinesAsync(scratch["servers"], TestContext.Current.CancellationToken)).Length.ShouldBe(2);
        }
        finally
        {
            foreach (var id in File.Exists(scratch["servers"]) ? await File.ReadAllLinesAsync(scratch["servers"], CancellationToken.None) : [])
            {
                using var server = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
                server.Kill();
            }
        }
    }

    private static async Task<string> RunAsync(ScratchFolder scratch, string argument)
    {
        var start = new ProcessStartInfo(scratch["mediascore"], argument) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["PATH"] = $"{scratch["tools"]}:{Environment.GetEnvironmentVariable("PATH")}";
        // A lock of its own: other builds on this machine are nothing to it.
        start.Environment["TMPDIR"] = scratch.Path;
        start.Environment.Remove("MEDIASCORE_NO_BUILD");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience);
        }
        catch (TimeoutException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"./mediascore {argument} did not end: {await error}", late);
        }

        process.ExitCode.ShouldBe(0, await error);
        return await output;
    }

    private static async Task WriteScriptAsync(string path, string body)
    {
        await File.WriteAllTextAsync(path, "#!/bin/sh\n" + body, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
