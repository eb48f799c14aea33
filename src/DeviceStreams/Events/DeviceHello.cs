using System.Text.Json;

namespace MediaScore.DeviceStreams.Events;

/// <summary>What a device says of itself.</summary>
/// <param name="IsOnline">False: its last will, which the broker says for it.</param>
/// <param name="QueuedCount">Events that wait in it; null: it did not say.</param>
internal sealed record DeviceHello(string Model, string Firmware, bool IsOnline, int? QueuedCount)
{
    private const int WordLength = 64;

    /// <returns>Null with what is wrong.</returns>
    public static DeviceHello? Read(JsonElement json, out string? fault)
    {
        var fields = new JsonFields(json);
        var hello = new DeviceHello(
            fields.Text("model", WordLength) ?? "", fields.Text("firmware", WordLength) ?? "", fields.Flag("online") ?? true, (int?)fields.Integer("queued", 0, int.MaxValue));
        fault = fields.Fault;
        return fault is null ? hello : null;
    }
}
