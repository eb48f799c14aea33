using System.Diagnostics.Metrics;

namespace MediaScore.DeviceStreams.Http;

/// <summary>What the device API measures (meter <c>MediaScore.DeviceStreams</c>).</summary>
internal sealed class DeviceApiMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _events;

    /// <param name="owner">Whose instruments these are, among others of the same name.</param>
    public DeviceApiMeter(object owner)
    {
        _meter = DeviceMeter.Of(owner);
        _requests = _meter.CreateCounter<long>("mediascore.device.http.requests", "{request}", "Requests of devices, by call and status.");
        _events = _meter.CreateCounter<long>("mediascore.device.http.events", "{event}", "Events in requests of devices, by what became of them.");
    }

    public void Answered(string call, int status) => _requests.Add(1, new("call", call), new("status", status));

    public void Events(int stored, int duplicates, int refused)
    {
        Add(stored, "stored");
        Add(duplicates, "duplicate");
        Add(refused, "malformed");
    }

    public void Dispose() => _meter.Dispose();

    private void Add(int count, string outcome)
    {
        if (count > 0)
            _events.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
    }
}
