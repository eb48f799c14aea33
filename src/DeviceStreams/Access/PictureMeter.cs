using System.Diagnostics.Metrics;

namespace MediaScore.DeviceStreams.Access;

/// <summary>What the pictures of events measure (meter <c>MediaScore.DeviceStreams</c>).</summary>
internal sealed class PictureMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _kept;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _removed;

    /// <param name="owner">Whose instruments these are, among others of the same name.</param>
    public PictureMeter(object owner, Func<long> bytes)
    {
        _meter = DeviceMeter.Of(owner);
        _kept = _meter.CreateCounter<long>("mediascore.device.pictures.kept", "{picture}", "Pictures of events that were sealed and kept.");
        _refused = _meter.CreateCounter<long>("mediascore.device.pictures.refused", "{picture}", "Pictures of events that were not kept, by reason.");
        _removed = _meter.CreateCounter<long>("mediascore.device.pictures.removed", "{picture}", "Pictures of events that were removed, by reason.");
        _meter.CreateObservableGauge("mediascore.device.pictures.size", bytes, "By", "Pictures of events on the disk.");
    }

    public void Kept() => _kept.Add(1);

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Removed(int count, string reason)
    {
        if (count > 0)
            _removed.Add(count, new KeyValuePair<string, object?>("reason", reason));
    }

    public void Dispose() => _meter.Dispose();
}
