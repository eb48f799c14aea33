using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MediaScore.WebRtc.Tests.Transport;

public sealed class WebRtcMeterTests
{
    [Fact]
    public async Task A_sessions_life_is_seen_in_the_metrics_by_reason_and_kind_and_names_nobody()
    {
        var seen = new ConcurrentDictionary<string, double>();
        await using var fixture = new LoopFixture();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, fixture.Loop))
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => seen.AddOrUpdate(Key(i, tags), v, (_, old) => i.IsObservable ? v : old + v));
        listener.SetMeasurementEventCallback<int>((i, v, tags, _) => seen[Key(i, tags)] = v);
        listener.SetMeasurementEventCallback<double>((i, v, tags, _) => seen[Key(i, tags)] = v);
        listener.Start();
        var sender = await fixture.ConnectAsync();
        await sender.Events.MoreAudio(20).WaitAsync(LoopFixture.Patience);
        listener.RecordObservableInstruments();
        seen["mediascore.webrtc.sessions state=Connected"].ShouldBe(1);

        sender.Connection.Close();
        await fixture.IdleAsync();
        listener.RecordObservableInstruments();

        seen["mediascore.webrtc.sessions state=Connected"].ShouldBe(0);
        seen["mediascore.webrtc.sessions.closed reason=ByOwner"].ShouldBe(1);
        seen["mediascore.webrtc.packets kind=audio"].ShouldBeGreaterThanOrEqualTo(20);
        seen["mediascore.webrtc.packets kind=video"].ShouldBeGreaterThan(0);
        seen["mediascore.webrtc.datagrams "].ShouldBeGreaterThan(seen["mediascore.webrtc.packets kind=audio"]);
        seen["mediascore.webrtc.connect.time "].ShouldBeGreaterThan(0);
        seen.Keys.ShouldAllBe(k => !k.Contains("127.0.0.1", StringComparison.Ordinal) && !k.Contains(sender.Connection.Id, StringComparison.Ordinal));
    }

    private static string Key(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        instrument.Name + " " + string.Join(',', tags.ToArray().Select(t => $"{t.Key}={t.Value}"));
}
