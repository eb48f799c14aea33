using MediaScore.MediaServer.Sessions.Capacity;

namespace MediaScore.MediaServer.Tests.Sessions.Capacity;

public sealed class MachineReadingTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mediascore-cgroup-");

    [Fact]
    public void What_is_neither_idle_nor_waiting_for_a_disk_is_busy_and_guests_are_not_counted_twice()
    {
        // user nice system idle iowait irq softirq steal guest guest_nice
        var machine = MachineCpu.Parse("cpu  100 20 30 4000 500 6 7 8 90 9\ncpu0 1 1 1 1 1 1 1 1 0 0\ncpu1 1 1 1 1 1 1 1 1 0 0\nintr 5\n");

        machine!.Value.BusySeconds.ShouldBe(1.71, 1e-9);
        machine.Value.CpuCount.ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu  1 x 3\ncpu0 1")]
    [InlineData("intr 1 2 3\n")]
    public void What_is_no_such_file_is_no_reading(string text) => MachineCpu.Parse(text).ShouldBeNull();

    [Fact]
    public void The_narrowest_quota_on_the_way_to_the_root_counts()
    {
        Write("cpu.max", "max 100000\n");
        Write("pods/cpu.max", "150000 100000\n");
        Write("pods/mine/cpu.max", "300000 100000\n");

        CpuQuota.Limit(4, "0::/pods/mine\n", _root.FullName).ShouldBe(1.5);
        CpuQuota.Limit(1, "0::/pods/mine\n", _root.FullName).ShouldBe(1);
        CpuQuota.Limit(4, "0::/\n", _root.FullName).ShouldBe(4);
    }

    [Fact]
    public void The_older_files_are_read_too_and_no_limit_is_none()
    {
        Write("cpu/cpu.cfs_quota_us", "-1\n");
        Write("cpu/cpu.cfs_period_us", "100000\n");
        var unlimited = CpuQuota.Limit(4, "3:cpu:/\n", _root.FullName);
        Write("cpu/cpu.cfs_quota_us", "50000\n");

        unlimited.ShouldBe(4);
        CpuQuota.Limit(4, "3:cpu:/\n", _root.FullName).ShouldBe(0.5);
        CpuQuota.Limit(4, "", Path.Combine(_root.FullName, "nowhere")).ShouldBe(4);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private void Write(string path, string text)
    {
        var file = new FileInfo(Path.Combine(_root.FullName, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
    }
}
