namespace MediaScore.Load.Clients;

/// <summary>One candidate: an interview from its creation to its report. One use.</summary>
internal interface IInterview : IAsyncDisposable
{
    int Number { get; }

    /// <summary>Empty until the server made it.</summary>
    string Id { get; }

    string AccessToken { get; }

    InterviewLedger Ledger { get; }

    /// <summary>Packets of sound that were handed to the network, each once.</summary>
    long AudioSent { get; }

    /// <summary>Pictures, the same.</summary>
    long VideoSent { get; }

    /// <summary>Where the interview's sound ended; zero while it runs.</summary>
    TimeSpan EndPlace { get; }

    /// <summary>Why it cannot go on; null while all is well.</summary>
    string? Fault { get; }

    /// <summary>Creates it and connects. Media flow when it returns <see cref="StartResult.Started"/>.</summary>
    /// <param name="due">When it was to begin: a refusal is timed from there.</param>
    Task<StartOutcome> StartAsync(long due, CancellationToken cancellation);

    /// <summary>The connection breaks without a word.</summary>
    Task DropAsync();

    /// <summary>A new connection after a drop.</summary>
    /// <param name="due">When it was to come back.</param>
    /// <returns>When media flow again.</returns>
    Task<StartOutcome> ReconnectAsync(long due, CancellationToken cancellation);

    /// <summary>Completes when the server has said that something sent after the reconnect is safe.</summary>
    Task RecordsAgainAsync(CancellationToken cancellation);

    /// <summary>The candidate is done: goodbye, and the wait for the report.</summary>
    /// <returns>Null when the report is there, else why not.</returns>
    Task<string?> EndAsync(CancellationToken cancellation);
}
