using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.DeviceStreams.Tests.Simulation;

public sealed class SimulationRunTests
{
    private static readonly Uri Server = new("http://127.0.0.1:1");
    private static readonly SimulatedFace Face = new("1001", new byte[] { 0xFF, 0xD8, 0xFF });

    [Fact]
    public async Task Totals_add_up_what_the_devices_did_and_tell_right_from_wrong()
    {
        var entry = Entry(device => new ScriptedDevice(device.Serial, () =>
        {
            var due = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
            device.Decided(new SimulatedDecision(device.Serial, "Granted", "1001", "1001", due, due.AddMilliseconds(100)));
            device.Decided(new SimulatedDecision(device.Serial, "Granted", "1001", "1002", due, due.AddMilliseconds(300)));
            device.Decided(new SimulatedDecision(device.Serial, "NotRecognised", "1001", "", null, due));
            device.Decided(new SimulatedDecision(device.Serial, "NotRecognised", "", "", due, due.AddSeconds(60)));
        }));
        var run = new SimulationRun(entry, new SimulationOrder(Server, 3, 1, [Face]), TimeProvider.System);

        await run.RunAsync(length: null, CancellationToken.None);

        var totals = run.Totals();
        totals.Devices.ShouldBe(3);
        totals.Sent.ShouldBe(3);
        totals.Answered.ShouldBe(3);
        totals.Decisions.ShouldBe(12);
        totals.Outcomes.ShouldBe(new Dictionary<string, long> { ["Granted"] = 6, ["NotRecognised"] = 6 }, ignoreOrder: true);
        (totals.Recognised, totals.TakenForAnother, totals.NotRecognised).ShouldBe((3, 3, 3));
        // Where time decided no frame was late, so no latency is made up; what took a minute counts as the longest there is.
        (totals.P50Ms, totals.MaxMs).ShouldBe((300d, 10_000d));
        totals.Fault.ShouldBeNull();
    }

    [Fact]
    public async Task One_device_that_breaks_down_is_named_and_ends_no_other()
    {
        var entry = Entry(device => new ScriptedDevice(device.Serial, () =>
        {
            if (device.Number == 2)
                throw new InvalidOperationException("its clock melted");
        }));
        var run = new SimulationRun(entry, new SimulationOrder(Server, 3, 1, [Face]), TimeProvider.System);

        await run.RunAsync(length: null, CancellationToken.None);

        run.Totals().Sent.ShouldBe(2);
        run.Totals().Fault.ShouldNotBeNull().ShouldContain("SIM-0002");
        run.Totals().Fault!.ShouldContain("its clock melted");
    }

    [Fact]
    public async Task A_run_ends_when_its_time_is_over()
    {
        var entry = Entry(device => new EndlessDevice(device.Serial));
        var run = new SimulationRun(entry, new SimulationOrder(Server, 2, 1, [Face]), TimeProvider.System);

        await run.RunAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        run.Totals().Fault.ShouldBeNull();
    }

    [Fact]
    public void An_order_beyond_the_bounds_is_refused_with_all_its_faults()
    {
        var order = new SimulationOrder(Server, 501, 0, []) { SerialPrefix = "a b" };

        var fault = Should.Throw<ArgumentException>(() => new SimulationRun(Entry(device => new EndlessDevice(device.Serial)), order, TimeProvider.System));

        foreach (var words in new[] { "501 devices", "0 frames or events", "'a b'" })
            fault.Message.ShouldContain(words);
        Should.Throw<ArgumentException>(() => new SimulationRun(Entry(device => new EndlessDevice(device.Serial)), new SimulationOrder(Server, 1, double.NaN, [Face]), TimeProvider.System));
        Should.Throw<ArgumentException>(() => new SimulationRun(Entry(device => new EndlessDevice(device.Serial)), new SimulationOrder(Server, 1, 1, []), TimeProvider.System)).Message.ShouldContain("faces");
    }

    [Fact]
    public void Every_protocol_of_the_table_is_found_by_its_name_and_makes_devices_with_serials_of_their_own()
    {
        SimulatorTable.Entries.Select(entry => entry.Name).ShouldBeUnique();
        foreach (var entry in SimulatorTable.Entries)
        {
            SimulatorTable.Find(entry.Name).ShouldBe(entry);
            var order = new SimulationOrder(entry.DefaultServer, 2, 1, [Face]);
            var serials = Enumerable.Range(1, 2).Select(number => entry.Create(new SimulatedDevice(order, number, TimeProvider.System, _ => { })).Serial).ToList();
            serials.ShouldBeUnique();
            serials.ShouldAllBe(serial => serial.Length <= 64);
        }

        SimulatorTable.Find("telepathy").ShouldBeNull();
    }

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.75, 3)]
    [InlineData(1, 4)]
    [InlineData(0.01, 1)]
    public void A_quantile_is_the_least_that_covers_its_share(double share, double expected)
    {
        var latencies = new LatencyCounts();
        foreach (var ms in new[] { 4, 1, 3, 2 })
            latencies.Add(TimeSpan.FromMilliseconds(ms));

        latencies.QuantileMs(share).ShouldBe(expected);
        new LatencyCounts().QuantileMs(share).ShouldBeNull();
    }

    private static SimulatorEntry Entry(Func<SimulatedDevice, IDeviceSimulator> create) => new("test", "devices of a test", Server, NeedsFaces: true, create);

    private sealed class ScriptedDevice(string serial, Action script) : IDeviceSimulator
    {
        public string Serial => serial;

        public SimulationCounts Counts { get; } = new();

        public Task RunAsync(CancellationToken cancellationToken)
        {
            script();
            Counts.CountSent();
            Counts.CountAnswered();
            return Task.CompletedTask;
        }
    }

    private sealed class EndlessDevice(string serial) : IDeviceSimulator
    {
        public string Serial => serial;

        public SimulationCounts Counts { get; } = new();

        public Task RunAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
