namespace MediaScore.DeviceStreams.Access;

/// <summary>What became of a face that was enrolled at a terminal.</summary>
/// <param name="AwaitsConsent">Nothing of it was kept: nobody has written down that this person agreed. Once that is done, the terminal can be asked for it again.</param>
/// <param name="Reason">For a person; empty where it was taken.</param>
public readonly record struct TerminalFaceAnswer(bool Taken, bool AwaitsConsent, string Reason);
