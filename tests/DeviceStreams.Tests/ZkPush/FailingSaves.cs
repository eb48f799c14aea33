using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

/// <summary>A disk that is full now and then.</summary>
internal sealed class FailingSaves : SaveChangesInterceptor
{
    public bool Fails { get; set; }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        Fails ? throw new IOException("No space left on device.") : ValueTask.FromResult(result);
}
