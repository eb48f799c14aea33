using MediaScore.Load.Clients;

namespace MediaScore.Load.Tests.Clients;

public sealed class PunctualThreadTests
{
    [Fact]
    public void What_a_raised_thread_starts_is_set_back_and_it_stays_raised_itself()
    {
        var (raised, own) = (false, PunctualThread.NiceHere());
        var (sender, inherited, lowered, worker) = (own, own, own, own);
        var thread = new Thread(() =>
        {
            raised = PunctualThread.TryRaise();
            var child = new Thread(() =>
            {
                inherited = PunctualThread.NiceHere();
                PunctualThread.Lower();
                lowered = PunctualThread.NiceHere();
            });
            child.Start();
            child.Join();
            // As a worker of the shared pool, which does nothing of its own about it.
            using var look = new ManualResetEventSlim();
            var other = new Thread(() =>
            {
                look.Wait();
                worker = PunctualThread.NiceHere();
            });
            other.Start();
            PunctualThread.LowerOthers();
            look.Set();
            other.Join();
            sender = PunctualThread.NiceHere();
            PunctualThread.Ended();
        });
        thread.Start();
        thread.Join();

        Assert.SkipUnless(raised, "This system lets nobody raise a thread (it takes root, or CAP_SYS_NICE).");
        sender.ShouldBe(-10);
        inherited.ShouldBe(-10);
        lowered.ShouldBe(own);
        worker.ShouldBe(own);
    }
}
