using System.Globalization;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Simulator;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Isapi;

/// <summary>Device, network and server are cut off in the middle: nothing is lost, and nothing comes twice.</summary>
public sealed class RestartTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. Enumerable.Range(0, 400).Select(i => (byte)(i * 31)), 0xFF, 0xD9];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_is_cut_at_any_byte_loses_nothing_and_doubles_nothing(bool replays)
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000301") { Replays = replays });
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);
        var random = new Random(7);

        var count = 0;
        for (var round = 0; round < 30; round++)
        {
            // Within a header, a body, a picture, between two parts, and some in the middle of what the stream begins with.
            simulated.Stream.CutAfter(random.Next(0, 4_000));
            for (var i = 0; i < 3; i++, count++)
                simulated.Happen(5, 75, "25", picture: Jpeg);
            await site.WhenStoredAsync(count);
        }

        await AssertAllOnceAsync(site, simulated);
    }

    [Fact]
    public async Task A_server_that_goes_in_the_middle_of_a_flood_loses_nothing_and_doubles_nothing()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000302"));
        await using var site = await IsapiSite.OpenAsync();
        await site.AddAsync(simulated);
        for (var i = 0; i < 800; i++)
            simulated.Happen(5, 21, door: 1);

        for (var round = 1; round <= 4; round++)
        {
            await site.WhenStoredAsync(150 * round);
            await site.RestartAsync();
            simulated.Happen(5, 75, "25");
        }

        await site.WhenStoredAsync(804);
        await AssertAllOnceAsync(site, simulated);
    }

    [Fact]
    public async Task A_device_that_restarts_now_and_then_loses_nothing_and_doubles_nothing()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000303") { Replays = false });
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        var count = 0;
        for (var round = 0; round < 5; round++)
        {
            simulated.LetIn(new SimulatedFace("25", Jpeg));
            await simulated.StopAsync();
            simulated.LetIn(new SimulatedFace("26", Jpeg));
            simulated.Start();
            count += 6;
            await site.WhenStoredAsync(count);
        }

        await AssertAllOnceAsync(site, simulated);
    }

    [Fact]
    public async Task A_device_that_is_heard_by_both_ways_at_once_has_each_event_once()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000304") { Misbehaviour = Misbehaviour.Resends });
        await using var site = await IsapiSite.OpenAsync();
        await using var gate = await ListenerHost.StartAsync(site);
        site.Options.PublicUrl = gate.Address.ToString();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);
        (await site.TellAsync(device, MediaScore.DeviceStreams.Isapi.Commands.IsapiCommandKinds.Listen, new { })).State.ShouldBe(DeviceCommandState.Succeeded);

        for (var i = 0; i < 60; i++)
        {
            simulated.Happen(5, 75, "25", picture: Jpeg);
            if (i % 20 == 10)
                simulated.DropConnections();
        }

        await site.WhenStoredAsync(60);
        await simulated.Push.WhenDeliveredAsync(60);
        await AssertAllOnceAsync(site, simulated);
    }

    [Fact]
    public async Task Posts_to_a_server_that_restarts_with_a_disk_that_fails_are_sent_until_they_are_stored_once()
    {
        await using var site = await IsapiSite.OpenAsync();
        await using var gate = await ListenerHost.StartAsync(site);
        var (_, path) = await site.AddListenerAsync("SIM000000305");
        await using var simulated = Started(new IsapiDevicePlan("SIM000000305") { PushTo = new Uri(gate.Address, path), Misbehaviour = Misbehaviour.CutBodies | Misbehaviour.Resends });

        for (var i = 0; i < 60; i++)
        {
            simulated.Happen(5, 75, "25", picture: Jpeg);
            switch (i)
            {
                case 15:
                    site.DiskFails = true;
                    break;
                case 25:
                    site.DiskFails = false;
                    break;
                case 35:
                    await gate.StopAsync();
                    await site.RestartAsync();
                    await gate.StartAgainAsync();
                    break;
                case 45:
                    gate.DropConnections();
                    break;
                default:
                    break;
            }
        }

        await site.WhenStoredAsync(60);
        await simulated.Push.WhenDeliveredAsync(60);
        await AssertAllOnceAsync(site, simulated);
    }

    private static async Task AssertAllOnceAsync(IsapiSite site, IsapiDevice simulated)
    {
        var stored = (await site.SerialsAsync()).Select(serial => long.Parse(serial, CultureInfo.InvariantCulture)).Order().ToList();
        stored.ShouldBe(simulated.Log.Logged.Select(happened => happened.Serial));
    }

    private static IsapiDevice Started(IsapiDevicePlan plan)
    {
        var device = new IsapiDevice(plan, TimeProvider.System);
        device.Start();
        return device;
    }
}
