namespace MediaScore.EndToEnd.Tests.Candidate;

/// <summary>One server, and one recording for the browsers' cameras and microphones, for the tests of the candidate's page.</summary>
public sealed class CandidateServer : IAsyncLifetime
{
    private ScratchFolder? _scratch;
    private ServerProcess? _process;
    private CandidateMedia? _media;

    internal ServerProcess Process => _process!;

    internal CandidateMedia Media => _media!;

    internal string Folder => _scratch!.Path;

    /// <summary>The live page with its token, as the server's operator gets it.</summary>
    internal string ConsoleUrl => $"{Process.Http}/console/live?token={File.ReadAllText(Path.Combine(_scratch!["data"], "console-token")).Trim()}";

    public async ValueTask InitializeAsync()
    {
        if (!CandidateBrowser.IsAvailable)
            return; // The tests say why they are skipped.
        _scratch = new ScratchFolder();
        _media = await CandidateMedia.MakeAsync(_scratch["media"]);
        _process = await ServerProcess.StartAsync(_scratch["data"]);
    }

    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        _scratch?.Dispose();
        return ValueTask.CompletedTask;
    }

    internal Task<CandidateInterview> InviteAsync(string policy) => CandidateInterview.InviteAsync(Process, Folder, "en", policy);
}
