namespace MediaScore.DeviceStreams.ZkPush.Codes;

/// <summary>The status column of <c>ATTLOG</c>: 0 in, 1 out, 2 to a break, 3 from it, 4 overtime in, 5 out, 8 to a meal, 9 from it; 255 that nobody chose one.</summary>
internal static class AttendanceStates
{
    /// <summary>A word of <c>DeviceEventRow.Direction</c>.</summary>
    public static string DirectionOf(int? status) => status switch
    {
        0 or 3 or 4 or 9 => "in",
        1 or 2 or 5 or 8 => "out",
        _ => "",
    };
}
