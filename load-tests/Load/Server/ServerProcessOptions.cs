namespace MediaScore.Load.Server;

/// <summary>How the server under load is started.</summary>
internal sealed record ServerProcessOptions
{
    /// <summary>Folder for <c>server.log</c>; it is there already.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>Recordings and database. Default null: a temporary folder, deleted at the end.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Settings as <c>--set</c> takes them, "Section:Name" to value; they go before <see cref="ServerProcess.Standard"/>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables of the process as they are, such as <c>DOTNET_gcServer</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Longest wait until it listens. Default two minutes: models are read from disk and the first compile runs, on a machine that may be busy.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>The server did not come up; the message says why and what to do.</summary>
internal sealed class ServerStartException(string message, Exception? inner = null) : Exception(message, inner);
