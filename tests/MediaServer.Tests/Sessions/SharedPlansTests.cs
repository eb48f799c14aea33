using MediaScore.MediaServer.Tests.Support;

namespace MediaScore.MediaServer.Tests.Sessions;

public sealed class SharedPlansTests
{
    [Fact]
    public async Task Interviews_of_one_plan_share_it_also_after_a_restart()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var data = Directory.CreateTempSubdirectory("mediascore-plans-");
        await using (var server = await TestServer.StartAsync(data.FullName))
        {
            for (var i = 0; i < 3; i++)
                await server.CreateAsync();
            await server.CreateAsync(r => r.PlanId = "support-engineer");
            server.Host.Registry.All.Select(i => i.Plan).Distinct(ReferenceEqualityComparer.Instance).Count().ShouldBe(2);
        }

        await using (var next = await TestServer.StartAsync(data.FullName))
        {
            next.Host.Registry.Count.ShouldBe(4);
            next.Host.Registry.All.Select(i => i.Plan).Distinct(ReferenceEqualityComparer.Instance).Count().ShouldBe(2);
        }

        data.Delete(recursive: true);
    }
}
