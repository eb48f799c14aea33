using System.Text;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Commands;
using MediaScore.DeviceStreams.Isapi.Simulator;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace MediaScore.DeviceStreams.Tests.Isapi;

/// <summary>A simulated terminal posts as one whose slots were written, by the server or by hand.</summary>
public sealed class PushTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. Enumerable.Range(0, 3_000).Select(i => (byte)(i * 31)), .. "\r\n--MIME_boundary\r\n{"u8, 0xFF, 0xD9];

    [Theory]
    [InlineData("JSON")]
    [InlineData("XML")]
    public async Task What_is_posted_to_the_slot_that_the_server_wrote_is_stored_once_with_its_picture_however_often_it_is_sent(string format)
    {
        // Neither stream nor log: whatever is stored was posted.
        await using var simulated = Started(new IsapiDevicePlan("SIM000000801") { Stream = StreamForm.Missing, HasLog = false, Misbehaviour = Misbehaviour.Resends | Misbehaviour.CutBodies });
        await using var site = await IsapiSite.OpenAsync();
        await using var gate = await ListenerHost.StartAsync(site);
        site.Options.PublicUrl = gate.Address.ToString();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.LogOnly);
        (await site.TellAsync(device, IsapiCommandKinds.Listen, new { })).State.ShouldBe(DeviceCommandState.Succeeded);
        simulated.Settings.SetSlot(2, simulated.Settings.SlotText(2).Replace("<parameterFormatType>JSON<", $"<parameterFormatType>{format}<", StringComparison.Ordinal));

        for (var i = 0; i < 20; i++)
            simulated.LetIn(new SimulatedFace("25", Jpeg));

        await IsapiSite.WithinAsync(simulated.Push.WhenDeliveredAsync(60), "the replies to all posts");
        var rows = await site.StoredAsync();
        rows.Select(row => row.Code).ShouldBe(Enumerable.Repeat(new[] { "5.21", "5.75", "5.22" }, 20).SelectMany(codes => codes));
        rows.ShouldAllBe(row => row.Detail!.Contains("\"push\"", StringComparison.Ordinal));
        foreach (var row in rows.FindAll(row => row.Code == "5.75"))
        {
            (row.PersonNumber, row.Outcome).ShouldBe(("25", DeviceEventOutcome.Granted));
            site.Pictures[row.Picture.ShouldNotBeNull()].ShouldBe(Jpeg);
        }

        simulated.Counts.Resent.ShouldBeGreaterThan(0);
        site.Service.CountsOf(device).Duplicates.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Whoever_watches_the_server_sees_what_devices_bring()
    {
        await using var site = await IsapiSite.OpenAsync();
        using var events = new MetricCollector<long>(site.Service, "MediaScore.DeviceStreams", "mediascore.device.isapi.events");
        var (_, one) = await site.AddListenerAsync("SIM000000803");
        var (_, other) = await site.AddListenerAsync("SIM000000804");
        var (type, body) = IsapiPushClient.BodyOf(new SimulatedEvent(7, 6, 5, 75, "2026-11-02T08:15:04+00:00") { PersonNumber = "25" }, isCurrent: true);

        await site.PostAsync(one, type, body);
        await site.PostAsync(one, type, body);
        await site.PostAsync(other, type, body);
        await site.PostAsync(other, type, "no event"u8.ToArray());

        events.RecordObservableInstruments();
        events.GetMeasurementSnapshot().ToDictionary(measured => (string)measured.Tags["outcome"]!, measured => measured.Value).ShouldBe(
            new Dictionary<string, long> { ["stored"] = 2, ["duplicate"] = 1, ["older"] = 0, ["unknown"] = 0, ["unreadable"] = 1, ["cut"] = 0 }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_device_posts_to_nobody_any_more_once_the_server_has_taken_itself_out()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000802") { Stream = StreamForm.Missing, HasLog = false });
        await using var site = await IsapiSite.OpenAsync();
        await using var gate = await ListenerHost.StartAsync(site);
        site.Options.PublicUrl = gate.Address.ToString();
        var device = await site.AddAsync(simulated);
        await site.TellAsync(device, IsapiCommandKinds.Listen, new { });
        simulated.Happen(5, 75, "25");
        await site.WhenStoredAsync(1);

        (await site.TellAsync(device, IsapiCommandKinds.Unlisten, new { })).State.ShouldBe(DeviceCommandState.Succeeded);
        simulated.Happen(5, 75, "26");

        simulated.Push.Sent.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(false, "application/json")]
    [InlineData(true, "application/xml")]
    public void A_post_has_a_part_for_the_picture_and_is_bare_without_one(bool isXml, string type)
    {
        var happened = new SimulatedEvent(7, 6, 5, 75, "2026-11-02T08:15:04+00:00") { PersonNumber = "25", Name = "A & B", Reader = 1, Picture = Jpeg };

        var (bareType, bare) = IsapiPushClient.BodyOf(happened with { Picture = default }, isCurrent: true, isXml);
        var (withType, with) = IsapiPushClient.BodyOf(happened, isCurrent: true, isXml);

        bareType.ShouldStartWith(type);
        bare[0].ShouldBe((byte)(isXml ? '<' : '{'));
        withType.ShouldBe("multipart/form-data; boundary=MIME_boundary");
        Encoding.Latin1.GetString(with).ShouldContain($"\r\nContent-Type: {type}");
        with.AsSpan().IndexOf(Jpeg).ShouldBeGreaterThan(0);
    }

    private static IsapiDevice Started(IsapiDevicePlan plan)
    {
        var device = new IsapiDevice(plan, TimeProvider.System);
        device.Start();
        return device;
    }
}
