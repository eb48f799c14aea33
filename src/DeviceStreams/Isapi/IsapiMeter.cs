using System.Diagnostics.Metrics;

namespace MediaScore.DeviceStreams.Isapi;

/// <summary>What all Hikvision devices have brought together, on the meter <c>MediaScore.DeviceStreams</c>; each one's own is in its <see cref="IsapiCounts"/>.</summary>
internal sealed class IsapiMeter : IDisposable
{
    private readonly Meter _meter;

    /// <param name="owner">Whose instruments these are, among others of the same name.</param>
    /// <param name="counts">Of every device; only grows.</param>
    public IsapiMeter(object owner, Func<IEnumerable<IsapiCounts>> counts)
    {
        _meter = DeviceMeter.Of(owner);
        Observe(
            "mediascore.device.isapi.events", "{event}", "Events of Hikvision devices, by what became of them; \"unknown\" ones are stored.",
            ("stored", one => one.Stored), ("duplicate", one => one.Duplicates), ("older", one => one.Older), ("unknown", one => one.UnknownCodes), ("unreadable", one => one.Unreadable), ("cut", one => one.CutParts));
        Observe("mediascore.device.isapi.questions", "{question}", "Who may pass: asked by Hikvision devices, by how they were answered.", ("decided", one => one.Decided), ("late", one => one.Late));
        Observe("mediascore.device.isapi.connections", "{connection}", "Connections to Hikvision devices.", ("begun", one => one.Connections));

        void Observe(string name, string unit, string description, params (string Outcome, Func<IsapiCounts, long> Of)[] sums) => _meter.CreateObservableCounter(
            name, () => sums.Select(sum => new Measurement<long>(counts().Sum(sum.Of), new KeyValuePair<string, object?>("outcome", sum.Outcome))), unit, description);
    }

    public void Dispose() => _meter.Dispose();
}
