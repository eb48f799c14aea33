namespace MediaScore.Storage.Devices;

/// <summary>What an event of a device is about; the names are stored.</summary>
public enum DeviceEventKind
{
    /// <summary>Somebody asked a door to open.</summary>
    Access,

    /// <summary>Somebody clocked in or out.</summary>
    Attendance,

    /// <summary>A door moved, a lock turned.</summary>
    Door,

    Alarm,

    /// <summary>The device about itself: started, tampered with, its log was cleared.</summary>
    Device,

    /// <summary>A measurement of a sensor, or a badge that was seen.</summary>
    Sensor,
}
