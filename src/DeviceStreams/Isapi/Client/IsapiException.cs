namespace MediaScore.DeviceStreams.Isapi.Client;

internal enum IsapiFault
{
    /// <summary>No connection, no answer in time, or one that breaks off: tried again.</summary>
    Unreachable,

    /// <summary>The device does not take this login. Nobody tries it again until a person has changed it.</summary>
    LoginRefused,

    /// <summary>Locked after too many wrong passwords, by whomever.</summary>
    Locked,

    /// <summary>Another certificate than the one that was seen first.</summary>
    CertificateChanged,

    /// <summary>It is another device that answers there.</summary>
    WrongDevice,

    /// <summary>The registry says no.</summary>
    NotAdmitted,
}

/// <summary>A device that cannot be talked to now. <see cref="Exception.Message"/> is for an operator, without secrets.</summary>
internal sealed class IsapiException(IsapiFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public IsapiFault Fault => fault;

    /// <summary>How long a lock lasts; null for everything else.</summary>
    public TimeSpan? LockedFor { get; init; }

    /// <summary>Only a person can mend it.</summary>
    public bool IsFinal => fault != IsapiFault.Unreachable;
}
