using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace MediaScore.Keys;

/// <summary>Finds the master key: environment variable, else command, else file (made at first start).</summary>
internal static class MasterKeySource
{
    public const string NextSuffix = ".next";

    public static string FilePath(KeyOptions options) => options.MasterKeyFile ?? Path.Combine(options.Folder, "master.key");

    /// <summary>The key in force and, during a rotation, the one before it.</summary>
    /// <param name="mayCreate">False where wrapped keys exist already: a new master key could open none of them.</param>
    public static async Task<(MasterKey Current, MasterKey? Previous)> LoadAsync(KeyOptions options, bool mayCreate, CancellationToken cancellationToken)
    {
        var previousVariable = options.MasterKeyVariable + "_PREVIOUS";
        var previous = Environment.GetEnvironmentVariable(previousVariable) is { Length: > 0 } old ? MasterKey.Parse(old, $"variable {previousVariable}") : null;
        if (Environment.GetEnvironmentVariable(options.MasterKeyVariable) is { Length: > 0 } named)
            return (MasterKey.Parse(named, $"variable {options.MasterKeyVariable}"), previous);
        if (!string.IsNullOrEmpty(options.MasterKeyCommand))
            return (MasterKey.Parse(await RunAsync(options, cancellationToken), "Keys:MasterKeyCommand"), previous);
        var path = FilePath(options);
        // A rotation that was interrupted: the next key exists, some entries may be wrapped by it already.
        if (File.Exists(path + NextSuffix))
            return (ReadFile(path + NextSuffix), File.Exists(path) ? ReadFile(path) : previous);
        if (!File.Exists(path))
        {
            if (!mayCreate)
                throw new MasterKeyException($"The master key {path} is missing, and the key store holds keys that only it can unwrap. Put it back from where it is kept.");
            Create(path);
        }

        return (ReadFile(path), previous);
    }

    /// <summary>Makes a new master key file.</summary>
    public static void Create(string path)
    {
        DurableFile.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var text = Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.SizeInBytes)) + "\n");
        DurableFile.Write(path, text, overwrite: false);
        CryptographicOperations.ZeroMemory(text);
    }

    public static MasterKey ReadFile(string path)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
            throw new MasterKeyException($"The master key {path} can be read or written by others. Mend it with: chmod 600 {path}");
        return MasterKey.Parse(File.ReadAllText(path), $"file {path}");
    }

    private static async Task<string> RunAsync(KeyOptions options, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(options.MasterKeyCommand!);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(options.MasterKeyCommandLimitS));
        using var process = Process.Start(start) ?? throw new MasterKeyException("Keys:MasterKeyCommand could not be started.");
        process.StandardInput.Close();
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode != 0)
                throw new MasterKeyException($"Keys:MasterKeyCommand ended with {process.ExitCode}; it has to print the master key and end with 0.");
            return output;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MasterKeyException($"Keys:MasterKeyCommand did not end within {options.MasterKeyCommandLimitS} s (Keys:MasterKeyCommandLimitS).");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
