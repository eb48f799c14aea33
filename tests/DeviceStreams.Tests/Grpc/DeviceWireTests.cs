using System.Net;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Grpc;

/// <summary>Between the wire's words and ours.</summary>
public sealed class DeviceWireTests
{
    [Theory]
    [InlineData("ipv4:192.0.2.7:5081", "192.0.2.7")]
    [InlineData("ipv6:[2001:db8::1]:5081", "2001:db8::1")]
    [InlineData("ipv6:%5B::1%5D:5081", "::1")]
    [InlineData("unix:/run/socket", null)]
    [InlineData("", null)]
    [InlineData("ipv4:", null)]
    public void The_address_of_a_terminal_is_read_from_what_grpc_calls_its_peer(string peer, string? address) =>
        DeviceCredentials.AddressOf(peer).ShouldBe(address is null ? null : IPAddress.Parse(address));

    [Fact]
    public void Every_outcome_of_a_decision_has_a_word_on_the_wire_and_comes_back_as_itself()
    {
        foreach (var outcome in Enum.GetValues<DeviceEventOutcome>().Where(outcome => outcome != DeviceEventOutcome.None))
        {
            DeviceWire.ToWire(outcome).ShouldNotBe(Outcome.Unspecified);
            DeviceWire.FromWire(DeviceWire.ToWire(outcome)).ShouldBe(outcome);
        }

        DeviceWire.FromWire((Outcome)99).ShouldBe(DeviceEventOutcome.None);
    }

    [Theory]
    [InlineData(null, Liveness.NotChecked)]
    [InlineData(0.02, Liveness.Spoof)]
    [InlineData(0.59, Liveness.Spoof)]
    [InlineData(0.6, Liveness.Live)]
    public void What_was_found_of_liveness_is_told_whatever_the_door_makes_of_it(double? probability, Liveness liveness)
    {
        var options = new DeviceOptions { LiveProbability = 0.6 };
        foreach (var outcome in new[] { DeviceEventOutcome.Granted, DeviceEventOutcome.NotRecognised, DeviceEventOutcome.TimedOut })
            DeviceWire.ToWire(new PassDecision(1, 1, outcome, null, probability, "", TimeSpan.Zero, TimeSpan.Zero), options).Decision.Liveness.ShouldBe(liveness);
    }

    [Fact]
    public async Task A_door_s_own_settings_go_before_the_server_s()
    {
        await using var site = await DoorSite.OpenAsync();
        var options = new DeviceOptions { AcceptSimilarity = 0.5, DecisionDeadlineMs = 700 };
        var usual = await site.ApproveAsync("T-1");
        var own = await site.ApproveAsync("T-2", row => (row.AcceptSimilarity, row.Liveness, row.OpenSeconds) = (0.25, LivenessMode.Require, 60));

        var (first, second) = (DeviceWire.SettingsOf(usual, options), DeviceWire.SettingsOf(own, options));

        (first.AcceptSimilarity, first.LivenessRequired, first.DeadlineMs, first.OpenSeconds).ShouldBe((0.5f, false, 700U, 3U));
        (second.AcceptSimilarity, second.LivenessRequired, second.DeadlineMs, second.OpenSeconds).ShouldBe((0.25f, true, 700U, 60U));
    }

    [Fact]
    public void Raw_pictures_of_every_format_become_the_same_colours()
    {
        RawPixels.ToRgb24(new byte[] { 10, 20, 30, 40, 50, 60 }, 2, 1, PixelFormat.Rgb24).ToArray().ShouldBe(new byte[] { 10, 20, 30, 40, 50, 60 });
        RawPixels.ToRgb24(new byte[] { 30, 20, 10, 60, 50, 40 }, 2, 1, PixelFormat.Bgr24).ToArray().ShouldBe(new byte[] { 10, 20, 30, 40, 50, 60 });
        RawPixels.ToRgb24(new byte[] { 7, 9 }, 2, 1, PixelFormat.Gray8).ToArray().ShouldBe(new byte[] { 7, 7, 7, 9, 9, 9 });
        // Limited range: 16 is black, 235 is white, and what is red stays red.
        RawPixels.ToRgb24(new byte[] { 16, 235, 16, 235, 128, 128 }, 2, 2, PixelFormat.Nv12).ToArray().ShouldBe(new byte[] { 0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255 });
        RawPixels.ToRgb24(new byte[] { 81, 81, 81, 81, 90, 240 }, 2, 2, PixelFormat.Nv12).ToArray().ShouldBe(Enumerable.Repeat(new byte[] { 255, 0, 0 }, 4).SelectMany(red => red).ToArray());
    }
}
