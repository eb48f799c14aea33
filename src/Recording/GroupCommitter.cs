using Microsoft.Extensions.Logging;

namespace MediaScore.Recording;

/// <summary>
/// The one loop of a process that makes logs durable: whoever needs durability asks, all that ask within one round share it. One for all interviews. Thread-safe.
/// </summary>
public sealed class GroupCommitter : IAsyncDisposable
{
    public GroupCommitter(TimeProvider timeProvider, GroupCommitOptions? options = null, ILogger<GroupCommitter>? logger = null)
    {
        TimeProvider = timeProvider;
        _ = options;
        _ = logger;
    }

    internal TimeProvider TimeProvider { get; }

    /// <summary>Ends the loop after one last round.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
