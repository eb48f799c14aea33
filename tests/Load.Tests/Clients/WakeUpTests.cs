using MediaScore.Load.Clients;

namespace MediaScore.Load.Tests.Clients;

public sealed class WakeUpTests
{
    [Fact]
    public async Task A_call_before_anybody_waits_is_kept_and_several_are_one()
    {
        var wakeUp = new WakeUp();
        wakeUp.Call();
        wakeUp.Call();

        await wakeUp.WaitAsync();
        var second = wakeUp.WaitAsync();

        second.IsCompleted.ShouldBeFalse();
        wakeUp.Call();
        await second;
    }
}
