namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>One entry of a simulated device's log.</summary>
/// <param name="Time">What its clock showed, with its zone behind it.</param>
internal sealed record SimulatedEvent(long Serial, long Front, int Major, int Sub, string Time)
{
    public string PersonNumber { get; init; } = "";

    public string Name { get; init; } = "";

    public int Door { get; init; }

    public int Reader { get; init; }

    public string AttendanceStatus { get; init; } = "undefined";

    public bool IsQuestion { get; init; }

    /// <summary>Of a question that was asked before; empty: none was.</summary>
    public string RemoteCheckResult { get; init; } = "";

    public ReadOnlyMemory<byte> Picture { get; init; }

    public bool IsPersonal => PersonNumber.Length > 0;
}
