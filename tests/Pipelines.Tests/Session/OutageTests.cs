using MediaScore.Pipelines.Session;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Session;

/// <summary>A candidate's connection is away in the middle of an answer; its time stands still, now and in every replay.</summary>
public sealed class OutageTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_has_its_whole_time_whether_or_not_the_process_died_meanwhile(bool dies)
    {
        await using var harness = new SessionHarness();
        var session = await harness.OpenAsync(timeLimit: Limit);
        try
        {
            using (var before = session.Connect([SessionHarness.Pcm], MediaClockSource.Server))
            {
                await session.MarkAsync(MediaTime.Zero, "stage-1", "q1", 1, begins: true, None);
                await SendAsync(before, 0, seconds: 10, fromSeconds: 0);
                await session.MakeDurableAsync(None);
            }

            // Ten seconds are used up, and half a minute is missing.
            session.DeadlineOf(MediaTime.Zero, Limit, MediaTime.FromSeconds(30)).ShouldBe(MediaTime.FromSeconds(40.02));
            if (dies)
            {
                await session.DisposeAsync();
                session = await harness.OpenAsync(timeLimit: Limit);
            }

            using var after = session.Connect([SessionHarness.Pcm], MediaClockSource.Server);
            await SendAsync(after, 500, seconds: 15, fromSeconds: 40);
            await session.EndAsync(InterviewEndReason.ClientEnded, None);
            await session.Completion.WaitAsync(TimeSpan.FromSeconds(30), None);

            var ended = session.Observations.OfType<StageEnded>().ShouldHaveSingleItem();
            ended.Reason.ShouldBe(StageEndReason.TimeLimit);
            // The last sound before the hole is that of 9.98 s.
            ended.Range.Start.ShouldBe(MediaTime.FromSeconds(50.02));
            session.DeadlineOf(MediaTime.Zero, Limit, MediaTime.FromSeconds(55)).ShouldBe(ended.Range.Start);
        }
        finally
        {
            await session.DisposeAsync();
        }
    }

    private static async Task SendAsync(MediaConnection connection, ulong first, int seconds, int fromSeconds)
    {
        for (var i = 0; i < seconds * 50; i++)
            (await connection.AcceptAsync(SessionHarness.Audio(first + (ulong)i, fromSeconds * 1_000_000L + i * 20_000L), None)).Outcome.ShouldBe(PacketOutcome.Recorded);
    }
}
