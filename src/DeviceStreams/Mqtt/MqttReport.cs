using MediaScore.DeviceStreams.Events;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>One message, read: either one of the three, or why none.</summary>
/// <param name="Topic">For a log: as it came, cut and cleaned.</param>
/// <param name="Bytes">What it holds in memory, roughly.</param>
internal sealed record MqttReport(string Topic, int Bytes)
{
    /// <summary>Null where the topic is none.</summary>
    public MqttTopic? From { get; init; }

    public MqttDrop Drop { get; init; }

    /// <summary>What is wrong; empty where nothing is.</summary>
    public string Fault { get; init; } = "";

    public DeviceHello? Hello { get; init; }

    public EventDraft? Event { get; init; }

    public CommandAnswer? Answer { get; init; }
}
