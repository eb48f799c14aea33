using System.Globalization;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Registry;

public sealed class DeviceRegistryTests
{
    [Fact]
    public async Task Changes_of_one_device_at_the_same_time_are_all_in_memory_as_they_are_on_the_disk()
    {
        await using var site = await DeviceSite.OpenAsync();
        var device = await site.ApproveAsync(DeviceProtocol.Isapi, "SIM000000900");

        for (var i = 0; i < 20; i++)
        {
            var text = i.ToString(CultureInfo.InvariantCulture);
            await Task.WhenAll(
                site.Registry.ChangeAsync(device.Id, row => row.Name = text),
                site.Registry.ChangeAsync(device.Id, row => row.Door = text),
                site.Registry.ChangeAsync(device.Id, row => row.Cursor = text, announce: false),
                site.Registry.AdmitAsync(new DeviceIntroduction(DeviceSite.Tenant, DeviceProtocol.Isapi, device.Row.Serial, null) { Firmware = text }).AsTask());

            var stored = (await new DeviceStore(site.Contexts, site.Time).FindAsync(device.Id)).ShouldNotBeNull();
            (stored.Name, stored.Door, stored.Cursor, stored.Firmware).ShouldBe((text, text, text, text));
            (device.Row.Name, device.Row.Door, device.Row.Cursor, device.Row.Firmware).ShouldBe((text, text, text, text));
        }
    }

    [Fact]
    public async Task A_device_that_is_asked_now_and_then_only_is_offline_so_much_later()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 15, 4, TimeSpan.Zero));
        await using var site = await DeviceSite.OpenAsync(time);
        var device = await site.ApproveAsync(DeviceProtocol.Isapi, "SIM000000901");
        device.Saw();
        device.SpeaksEvery = TimeSpan.FromSeconds(300);

        time.Advance(TimeSpan.FromSeconds(300 + site.Options.OfflineAfterS - 1));
        site.Registry.IsOnline(device).ShouldBeTrue();
        time.Advance(TimeSpan.FromSeconds(1));
        site.Registry.IsOnline(device).ShouldBeFalse();

        device.Saw();
        device.SpeaksEvery = TimeSpan.Zero;
        time.Advance(TimeSpan.FromSeconds(site.Options.OfflineAfterS));
        site.Registry.IsOnline(device).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Asia/Kolkata", "Asia/Yerevan", 330)]
    [InlineData("", "Asia/Yerevan", 240)]
    [InlineData("Nowhere/Atlantis", "Asia/Yerevan", 240)]
    [InlineData("", "Nowhere/Atlantis", 0)]
    public void A_device_stands_in_its_own_zone_else_in_the_servers_and_where_nobody_knows_that_in_UTC(string deviceZone, string serverZone, int minutes) =>
        new Device(new DeviceRow { Id = "dev-1", Tenant = DeviceSite.Tenant, Serial = "SIM000000920", TimeZone = deviceZone }, TimeProvider.System).Zone(serverZone).BaseUtcOffset.ShouldBe(TimeSpan.FromMinutes(minutes));

    [Fact]
    public async Task A_device_that_is_removed_while_it_is_changed_does_not_come_back()
    {
        await using var site = await DeviceSite.OpenAsync();
        for (var i = 0; i < 10; i++)
        {
            var device = await site.ApproveAsync(DeviceProtocol.Isapi, string.Create(CultureInfo.InvariantCulture, $"SIM00000091{i}"));

            await Task.WhenAll(site.Registry.ChangeAsync(device.Id, row => row.Name = "x"), site.Registry.RemoveAsync(device.Id));

            site.Registry.Find(device.Id).ShouldBeNull();
        }
    }
}
