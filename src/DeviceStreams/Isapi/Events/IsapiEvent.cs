using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Events;

/// <summary>What a device says happened, from a stream, a post or its log. Empty text is what it did not say.</summary>
internal sealed record IsapiEvent
{
    /// <summary>The kind of message, such as <c>AccessControllerEvent</c>; empty where it says none.</summary>
    public string EventType { get; init; } = "";

    public string EventState { get; init; } = "";

    /// <summary>Null for what is no event of access control.</summary>
    public (int Major, int Sub)? Numbers { get; init; }

    /// <summary>Counts every event of the device, of whatever kind, until its log is cleared.</summary>
    public long? Serial { get; init; }

    /// <summary>The serial of the one that was reported before it.</summary>
    public long? FrontSerial { get; init; }

    /// <summary>As it was written.</summary>
    public string Time { get; init; } = "";

    /// <summary>False: from the log. Null: it does not say.</summary>
    public bool? IsCurrent { get; init; }

    /// <summary>The device waits for somebody to decide.</summary>
    public bool IsQuestion { get; init; }

    /// <summary>Empty where nobody was recognised.</summary>
    public string PersonNumber { get; init; } = "";

    public string CardNumber { get; init; } = "";

    public int CardReader { get; init; }

    public int Door { get; init; }

    public string AttendanceStatus { get; init; } = "";

    /// <summary>Pictures that follow it; null: it does not say.</summary>
    public int? PictureCount { get; init; }

    /// <summary>From the event outwards: what else is said there is kept as it is.</summary>
    public required IReadOnlyList<IsapiNode> Levels { get; init; }

    /// <summary>The innermost that says it.</summary>
    public string TextOf(string name) => TextOf(Levels, name);

    /// <param name="levels">From the event outwards.</param>
    public static string TextOf(IReadOnlyList<IsapiNode> levels, string name)
    {
        foreach (var level in levels)
        {
            if (level.TextOf(name) is { Length: > 0 } text)
                return text;
        }

        return "";
    }
}
