using MediaScore.Load.Server;

namespace MediaScore.Load.Tests.Server;

public sealed class AllowedCpusTests
{
    [Theory]
    [InlineData("\t0-1\n", new[] { 0, 1 })]
    [InlineData("0,2-4,9", new[] { 0, 2, 3, 4, 9 })]
    public void The_kernels_list_is_understood(string list, int[] cpus) => AllowedCpus.Parse(list).ShouldBe(cpus);

    [Fact]
    public void What_runs_on_cpus_that_may_not_be_used_is_not_counted()
    {
        string[] stat =
        [
            "cpu  1000 0 0 2000 0 0 0 0 0 0",
            "cpu0 100 0 50 700 50 0 0 100 0 0",
            "cpu1 800 0 0 200 0 0 0 0 0 0",
            "cpu10 100 0 0 900 0 0 0 0 0 0",
            "intr 1 2 3",
        ];

        MachineReading.Of(stat, [0, 10]).ShouldBe(new MachineReading(2.5, 1, 20));
    }
}
