namespace MediaScore.DeviceStreams.ZkPush;

/// <summary>Which of the two PUSH protocols a terminal speaks; they share paths, and little else.</summary>
public enum ZkDialect
{
    /// <summary>Attendance PUSH 2.x: <c>DeviceType=att</c>, positional lines, commands like <c>DATA UPDATE USERINFO</c>.</summary>
    Attendance,

    /// <summary>Security PUSH 3.x: <c>DeviceType=acc</c>, registry, keyed lines, commands like <c>CONTROL DEVICE</c>.</summary>
    Access,
}
