using System.Diagnostics;
using System.Globalization;

namespace MediaScore.WebRtc.Tests.Transport;

[CollectionDefinition(nameof(ConnectCycleTests), DisableParallelization = true)]
public sealed class AloneBecauseThreadsAndHandlesAreCounted;

/// <summary>Sessions come and go in all ways; afterwards everything is as before. <c>MEDIASCORE_CYCLES</c> sets how many (100).</summary>
[Collection(nameof(ConnectCycleTests))]
public sealed class ConnectCycleTests
{
    private const int AtOnce = 10;

    // A session with its buffers has 100 KB and more; this is the noise of a collector a cycle.
    private const int NoiseBytesPerCycle = 12_000;

    private const int NoiseBytes = 2_000_000;

    // The shared array pool gives back what a burst on a busy machine made it keep after a minute without use.
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(90);

    private enum Ending
    {
        Goodbye,
        Delete,
        Crash,
        ConsentLost,
    }

    [Theory]
    [InlineData(TransportKind.Udp)]
    [InlineData(TransportKind.Tcp)]
    public async Task Sessions_threads_handles_and_memory_are_back_at_the_base_line(TransportKind transport)
    {
        var cycles = int.TryParse(Environment.GetEnvironmentVariable("MEDIASCORE_CYCLES"), CultureInfo.InvariantCulture, out var set) ? set : 100;
        var time = new JumpingTime();
        await using var fixture = new LoopFixture(time: time) { LosesDelete = true };
        foreach (var ending in Enum.GetValues<Ending>())
            await CycleAsync(fixture, time, transport, ending);
        var before = await CountAsync(settled: (last, now) => now.Handles == last.Handles && now.Threads == last.Threads);
        var limit = new Counts(before.Threads + 4, before.Handles + 2, before.Bytes + NoiseBytes + (long)NoiseBytesPerCycle * cycles);

        for (var done = 0; done < cycles; done += AtOnce)
            await CycleAsync(fixture, time, transport, (Ending)(done / AtOnce % 4));

        var after = await CountAsync(settled: (_, now) => now.Handles <= limit.Handles && now.Threads <= limit.Threads && now.Bytes < limit.Bytes);
        TestContext.Current.SendDiagnosticMessage($"{cycles} cycles over {transport}: before {before}, after {after}");
        fixture.Loop.Snapshot().SessionsByState.Values.Sum().ShouldBe(0);
        after.Handles.ShouldBeLessThanOrEqualTo(limit.Handles);
        after.Threads.ShouldBeLessThanOrEqualTo(limit.Threads);
        after.Bytes.ShouldBeLessThan(limit.Bytes);
    }

    private static async Task CycleAsync(LoopFixture fixture, JumpingTime time, TransportKind transport, Ending ending)
    {
        var senders = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => fixture.StartAsync(LoopFixture.Sender with { Transport = transport })));
        await Task.WhenAll(senders.Select(s => s.Events.MoreAudio(2))).WaitAsync(LoopFixture.Patience);
        switch (ending)
        {
            case Ending.Goodbye:
                await Task.WhenAll(senders.Select(s => s.Peer.StopAsync())).WaitAsync(LoopFixture.Patience);
                break;
            case Ending.Delete:
                foreach (var sender in senders)
                    sender.Connection.Close();
                break;
            case Ending.Crash:
                await Task.WhenAll(senders.Select(s => s.Peer.CrashAsync())).WaitAsync(LoopFixture.Patience);
                await LoseConsentAsync(senders, time);
                break;
            case Ending.ConsentLost:
                // The peers live and send, but nothing gets through any more. Not before they are connected, however long a busy machine takes for that.
                foreach (var sender in senders)
                    sender.Peer.CutNetwork();
                await LoseConsentAsync(senders, time);
                await Task.WhenAll(senders.Select(s => s.Peer.CrashAsync())).WaitAsync(LoopFixture.Patience);
                break;
        }

        await Task.WhenAll(senders.Select(s => s.Events.Closed)).WaitAsync(LoopFixture.Patience);
        await Task.WhenAll(senders.Select(s => s.Peer.Ended)).WaitAsync(LoopFixture.Patience);
        await fixture.IdleAsync();
    }

    private static async Task LoseConsentAsync(ConnectedSender[] senders, JumpingTime time)
    {
        await JumpUntilAsync(Task.WhenAll(senders.Select(s => s.Events.Reached(RtcState.Disconnected))), time, "no consent was lost");
        await JumpUntilAsync(Task.WhenAll(senders.Select(s => s.Events.Closed)), time, "nobody was given up");
    }

    // What was on its way at a jump, and is read after it, shows once more that the peer is there: consent lasts from then on.
    private static async Task JumpUntilAsync(Task reached, JumpingTime time, string otherwise)
    {
        for (var waited = TimeSpan.Zero; !reached.IsCompleted; waited += TimeSpan.FromSeconds(1))
        {
            waited.ShouldBeLessThan(LoopFixture.Patience, otherwise);
            time.Jump(TimeSpan.FromSeconds(31));
            await Task.WhenAny(reached, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System));
        }
    }

    /// <summary>Counts until <paramref name="settled"/> says so of the last count and this one. What has not come back at the limit is a leak, however busy the machine is.</summary>
    private static async Task<Counts> CountAsync(Func<Counts, Counts, bool> settled)
    {
        // Threads that ended and sockets that were closed are gone from the kernel's tables a moment later, on a busy machine a longer one.
        var began = TimeProvider.System.GetTimestamp();
        var now = Count();
        while (TimeProvider.System.GetElapsedTime(began) < SettleLimit)
        {
            var last = now;
            await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System);
            now = Count();
            if (settled(last, now))
                break;
        }

        return now;
    }

    private static Counts Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return new Counts(process.Threads.Count, Directory.GetFiles("/proc/self/fd").Count(IsHandle), GC.GetTotalMemory(forceFullCollection: true));
    }

    // An assembly that is loaded late keeps two handles for ever; that is not a session's doing.
    private static bool IsHandle(string descriptor) => new FileInfo(descriptor).LinkTarget?.EndsWith(".dll", StringComparison.Ordinal) != true;

    private sealed record Counts(int Threads, int Handles, long Bytes);
}
