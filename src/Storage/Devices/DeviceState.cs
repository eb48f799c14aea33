namespace MediaScore.Storage.Devices;

/// <summary>Whether a device may take part; the names are stored.</summary>
public enum DeviceState
{
    /// <summary>It has come by itself and waits for a person's word. Nothing it says changes anything.</summary>
    Pending,

    Approved,

    /// <summary>A person said no. Its requests are turned away.</summary>
    Refused,
}
