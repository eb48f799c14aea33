namespace MediaScore.DeviceStreams.Registry;

/// <summary>What a device is told that comes.</summary>
public enum AdmissionVerdict
{
    Approved,

    /// <summary>A person has not spoken yet: be patient, keep what you have.</summary>
    Pending,

    /// <summary>A person said no.</summary>
    Refused,

    /// <summary>It is known by another key or certificate.</summary>
    WrongCredential,

    /// <summary>It is known to come from elsewhere.</summary>
    WrongNetwork,

    /// <summary>Too many newcomers wait already.</summary>
    TooManyPending,
}
