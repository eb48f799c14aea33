using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>Writes down what was dropped and why: the first of a kind at once, then at most one a minute, with the number of those in between. Thread-safe.</summary>
internal sealed partial class DropLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<MqttDrop, (long At, long Unsaid)> _said = [];

    public void Note(MqttReport report, MqttDrop drop, string fault)
    {
        // A broker's way to say that a retained message was cleared.
        if (drop == MqttDrop.Empty)
            return;
        long unsaid;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_said.TryGetValue(drop, out var last) && time.GetElapsedTime(last.At, now) < Interval)
            {
                _said[drop] = last with { Unsaid = last.Unsaid + 1 };
                return;
            }

            (unsaid, _said[drop]) = (last.Unsaid, (now, 0));
        }

        LogDropped(MqttMeter.WordOf(drop), report.Topic, fault, unsaid);
    }

    [LoggerMessage(1, LogLevel.Warning, "A message was dropped ({Reason}) on {Topic}: {Fault}. {Unsaid} more of this kind since the last line")]
    private partial void LogDropped(string reason, string topic, string fault, long unsaid);
}
