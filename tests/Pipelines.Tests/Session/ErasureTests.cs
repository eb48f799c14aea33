using MediaScore.Pipelines.FinalPass;
using MediaScore.Pipelines.Session;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Session;

/// <summary>The interview's key was destroyed: nothing of it may come back.</summary>
public sealed class ErasureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_erased_interview_is_not_opened_again_and_gets_no_new_key()
    {
        await using var harness = new SessionHarness();
        await (await harness.OpenAsync()).DisposeAsync();
        (await harness.DestroyKeyAsync()).ShouldBeTrue();

        await Should.ThrowAsync<InterviewErasedException>(() => harness.OpenAsync());

        (await harness.HasKeyAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task An_interview_that_is_erased_while_its_final_pass_waits_comes_to_nothing()
    {
        await using var harness = new SessionHarness();
        using var queue = new FinalPassQueue(new FinalPassOptions { Concurrency = 1 }, TimeProvider.System);
        harness.FinalPasses = queue;
        var turn = new TaskCompletionSource();
        var before = queue.RunAsync(TimeSpan.Zero, TimeSpan.Zero, _ => turn.Task, TestContext.Current.CancellationToken);
        await using (var session = await harness.OpenAsync())
        {
            using var connection = session.Connect([SessionHarness.Pcm]);
            (await connection.AcceptAsync(SessionHarness.Audio(0), TestContext.Current.CancellationToken)).Outcome.ShouldBe(PacketOutcome.Recorded);
            await session.EndAsync(InterviewEndReason.ClientEnded, TestContext.Current.CancellationToken);
        }

        await using var waiting = await harness.OpenAsync();
        (await harness.DestroyKeyAsync()).ShouldBeTrue();
        turn.SetResult();
        await before;

        await Should.ThrowAsync<InterviewErasedException>(() => waiting.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken));
        (await harness.HasKeyAsync()).ShouldBeFalse();
    }
}
