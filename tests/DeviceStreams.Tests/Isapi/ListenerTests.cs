using System.Net;
using System.Text;
using MediaScore.DeviceStreams.Isapi.Push;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Isapi;

public sealed class ListenerTests
{
    private const string Event = """{"eventType":"AccessControllerEvent","dateTime":"2026-11-02T08:15:04+04:00","AccessControllerEvent":{"majorEventType":5,"subEventType":75,"employeeNoString":"25","serialNo":1,"currentEvent":true}}""";

    [Fact]
    public async Task Every_body_of_the_tables_is_answered_with_200_and_its_events_are_on_the_disk()
    {
        await using var site = await IsapiSite.OpenAsync();
        foreach (var row in IsapiFixture.Table("events.tsv"))
        {
            var (device, path) = await site.AddListenerAsync("T" + row[0].Replace('.', '-'));

            (await site.PostAsync(path, row[1], IsapiFixture.Read(row[0]))).Status.ShouldBe(200, row[0]);

            var stored = await site.Events.SearchAsync(new DeviceEventQuery(IsapiSite.Tenant, device.Id), 1_000);
            stored.Count.ShouldBe(row[2].Length, row[0]);
            stored.Count(one => one.Picture is not null).ShouldBe(row[5].Length > 0 ? 1 : 0, row[0]);
            var counts = site.Service.CountsOf(device);
            (counts.Heartbeats > 0, counts.Unreadable).ShouldBe((row[3] != "0", long.Parse(row[4], System.Globalization.CultureInfo.InvariantCulture)), row[0]);
        }
    }

    [Fact]
    public async Task Only_who_knows_the_path_is_heard()
    {
        await using var site = await IsapiSite.OpenAsync();
        var (_, path) = await site.AddListenerAsync("SIM000000501", row => row.Network = "192.0.2.0/24");
        var body = Encoding.UTF8.GetBytes(Event);

        (await site.PostAsync(PushToken.PathOf(PushToken.New()), "application/json", body)).Status.ShouldBe(404);
        (await site.PostAsync("/devices/isapi/", "application/json", body)).Status.ShouldBe(404);
        (await site.PostAsync("/devices/isapi/../../x", "application/json", body)).Status.ShouldBe(404);
        (await site.PostAsync(path, "application/json", body, from: IPAddress.Parse("198.51.100.7"))).Status.ShouldBe(403);
        (await site.StoredAsync()).ShouldBeEmpty();
        (await site.PostAsync(path.ToUpperInvariant()[..15] + path[15..], "application/json", body, from: IPAddress.Parse("192.0.2.21"))).Status.ShouldBe(200);
        (await site.StoredAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("GET", 405)]
    [InlineData("DELETE", 405)]
    [InlineData("PUT", 200)]
    public async Task Events_are_posted(string method, int status)
    {
        await using var site = await IsapiSite.OpenAsync();
        var (_, path) = await site.AddListenerAsync("SIM000000502");

        (await site.PostAsync(path, "application/json", Encoding.UTF8.GetBytes(Event), method)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_body_beyond_every_bound_is_refused()
    {
        await using var site = await IsapiSite.OpenAsync();
        var (_, path) = await site.AddListenerAsync("SIM000000503");

        (await site.PostAsync(path, "application/json", new byte[IsapiListener.MaxBodyBytes + 1])).Status.ShouldBe(413);
    }

    [Fact]
    public async Task Who_waits_for_a_person_is_told_to_come_again_and_who_was_refused_is_refused()
    {
        await using var site = await IsapiSite.OpenAsync();
        var (_, pending) = await site.AddListenerAsync("SIM000000504", row => row.State = DeviceState.Pending);
        var (_, refused) = await site.AddListenerAsync("SIM000000505", row => row.State = DeviceState.Refused);

        var reply = await site.PostAsync(pending, "application/json", Encoding.UTF8.GetBytes(Event));
        (reply.Status, reply.Headers["Retry-After"]).ShouldBe((503, "10"));
        (await site.PostAsync(refused, "application/json", Encoding.UTF8.GetBytes(Event))).Status.ShouldBe(403);
        (await site.StoredAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_disk_does_not_take_is_asked_for_again_and_then_stored_once()
    {
        await using var site = await IsapiSite.OpenAsync();
        var (_, path) = await site.AddListenerAsync("SIM000000506");
        await site.PostAsync(path, "application/json", "{}"u8.ToArray());

        site.DiskFails = true;
        (await site.PostAsync(path, "application/json", Encoding.UTF8.GetBytes(Event))).Status.ShouldBe(503);
        site.DiskFails = false;
        (await site.PostAsync(path, "application/json", Encoding.UTF8.GetBytes(Event))).Status.ShouldBe(200);
        (await site.PostAsync(path, "application/json", Encoding.UTF8.GetBytes(Event.Replace("true", "false", StringComparison.Ordinal)))).Status.ShouldBe(200);

        (await site.StoredAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_disk_that_hangs_is_waited_for_no_longer_than_the_limit()
    {
        var disk = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // A clock of its own: how fast the real disk is decides nothing here.
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 15, 5, TimeSpan.Zero));
        await using var site = await IsapiSite.OpenAsync(configure => configure.Options.PushLimitMs = 2_000, time);
        var (_, path) = await site.AddListenerAsync("SIM000000507");
        await site.PostAsync(path, "application/json", "{}"u8.ToArray());
        site.DiskGate = disk.Task;

        var posted = site.PostAsync(path, "application/json", Encoding.UTF8.GetBytes(Event));
        time.Advance(TimeSpan.FromMilliseconds(1_999));
        posted.IsCompleted.ShouldBeFalse("until then the disk may still take it");
        time.Advance(TimeSpan.FromMilliseconds(1));
        (await IsapiSite.WithinAsync(posted, "the reply to a device whose event the disk does not take")).Status.ShouldBe(503);
        disk.SetResult();
        site.DiskGate = null;

        (await site.PostAsync(path, "application/json", Encoding.UTF8.GetBytes(Event))).Status.ShouldBe(200);
        (await site.StoredAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task One_devices_nonsense_is_no_other_devices()
    {
        await using var site = await IsapiSite.OpenAsync();
        var (_, bad) = await site.AddListenerAsync("SIM000000508");
        var (device, good) = await site.AddListenerAsync("SIM000000509");

        for (var i = 0; i < 50; i++)
            (await site.PostAsync(bad, "multipart/form-data; boundary=x", Encoding.UTF8.GetBytes("--x\r\n\r\n{\"a" + new string('{', i)))).Status.ShouldBe(200);
        (await site.PostAsync(good, "application/json", Encoding.UTF8.GetBytes(Event))).Status.ShouldBe(200);

        (await site.StoredAsync()).ShouldHaveSingleItem().DeviceId.ShouldBe(device.Id);
    }

    [Fact]
    public void A_token_is_long_random_and_kept_as_a_hash_only()
    {
        var token = PushToken.New();

        token.Length.ShouldBe(32);
        PushToken.New().ShouldNotBe(token);
        PushToken.TryRead(PushToken.PathOf(token) + "/").ShouldBe(token);
        PushToken.PathOf(token).Length.ShouldBeLessThan(128);
        PushToken.HashOf(token).ShouldNotContain(token);
    }
}
