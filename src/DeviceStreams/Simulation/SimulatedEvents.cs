using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace MediaScore.DeviceStreams.Simulation;

/// <summary>What happens at a simulated device, whether or not there is a network, what it keeps of that until it is acknowledged, and its connections one after another. One reader; run it once.</summary>
/// <param name="limit">After so many it waits until all are acknowledged, and is done.</param>
/// <param name="next">What happens next, at this time by the device's clock; called on a loop of its own, with a <see cref="Random"/> that nobody else uses.</param>
internal sealed class SimulatedEvents<T>(double perSecond, long limit, int seed, Misbehaviour misbehaviour, TimeProvider time, SimulationCounts counts, Func<DateTimeOffset, Random, T> next)
{
    // What a device like this has room for; what happens while it is full is lost there.
    private const int MostKept = 10_000;

    // A year in which nobody set the clock.
    private static readonly DateTimeOffset WrongTime = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MostBackOff = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<T> _kept = new();
    private Task _happening = Task.CompletedTask;

    /// <summary>Kept.</summary>
    public int Count => _kept.Count;

    /// <summary>Nothing more happens.</summary>
    public bool HasEnded => _happening.IsCompleted;

    /// <summary>Nothing more happens, and all of it is acknowledged.</summary>
    public bool IsOver => HasEnded && _kept.IsEmpty;

    public bool TryPeek([MaybeNullWhen(false)] out T oldest) => _kept.TryPeek(out oldest);

    /// <summary>The oldest, which stay until they are forgotten.</summary>
    public List<T> Peek(int most) => [.. _kept.Take(most)];

    /// <summary>So many of the oldest were acknowledged.</summary>
    public void Forget(int count)
    {
        for (var i = 0; i < count; i++)
            _kept.TryDequeue(out _);
    }

    /// <summary>Ends when it is over or switched off.</summary>
    /// <param name="live">One connection, until it is cut or there is nothing more to send.</param>
    /// <param name="isCut">What <paramref name="live"/> throws where its connection was cut, or it was switched off; anything else comes out here, and so does what happening throws.</param>
    public async Task RunAsync(Func<CancellationToken, Task> live, Func<Exception, bool> isCut, CancellationToken cancellationToken)
    {
        using var on = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _happening = HappenAsync(on.Token);
        try
        {
            await LiveAsync(live, isCut, cancellationToken);
        }
        finally
        {
            await on.CancelAsync();
            await _happening;
        }
    }

    private async Task LiveAsync(Func<CancellationToken, Task> live, Func<Exception, bool> isCut, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var backOff = new BackOff(FirstBackOff, MostBackOff, lasting: MostBackOff);
        var isStorm = misbehaviour.HasFlag(Misbehaviour.ReconnectStorms);
        while (!cancellationToken.IsCancellationRequested && !IsOver)
        {
            var began = time.GetTimestamp();
            try
            {
                using var storm = new CancellationTokenSource(isStorm ? TimeSpan.FromSeconds(0.2 + random.NextDouble()) : Timeout.InfiniteTimeSpan, time);
                using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, storm.Token);
                await live(life.Token);
            }
            catch (Exception fault) when (isCut(fault))
            {
                // It comes back.
            }

            if (IsOver || cancellationToken.IsCancellationRequested)
                return;
            counts.CountReconnect();
            if (!isStorm)
                await Task.Delay(backOff.Next(time.GetElapsedTime(began), random.NextDouble()), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task HappenAsync(CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var period = TimeSpan.FromSeconds(1 / perSecond);
        var due = time.GetUtcNow() + (period * random.NextDouble());
        for (var i = 0L; i < limit && !cancellationToken.IsCancellationRequested; i++, due += period)
        {
            if (due - time.GetUtcNow() is { Ticks: > 0 } wait)
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_kept.Count >= MostKept)
                continue;
            _kept.Enqueue(next(misbehaviour.HasFlag(Misbehaviour.WrongClock) ? WrongTime : time.GetUtcNow(), random));
            counts.CountSent();
        }
    }
}
