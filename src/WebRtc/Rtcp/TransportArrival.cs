namespace MediaScore.WebRtc.Rtcp;

/// <summary>One packet of a transport feedback.</summary>
/// <param name="ArrivalUs">Microseconds from the point that the reference time counts from, in steps of 250; of the packet that came before it where this one did not come.</param>
internal readonly record struct TransportArrival(ushort Sequence, bool Received, long ArrivalUs);
