namespace MediaScore.DeviceStreams.Registry;

/// <param name="Device">Null unless approved or pending.</param>
/// <param name="Reason">For the device's log and the server's: what is wrong and what to do.</param>
public readonly record struct Admission(AdmissionVerdict Verdict, Device? Device, string Reason)
{
    public bool IsApproved => Verdict == AdmissionVerdict.Approved;
}
