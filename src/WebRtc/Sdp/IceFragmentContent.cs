namespace MediaScore.WebRtc.Sdp;

/// <summary>What a fragment says.</summary>
/// <param name="Credentials">The peer's; null where it names none. Others than before: an ICE restart.</param>
/// <param name="CandidateCount">How many it brings. They are not kept: a lite agent sends no checks, and learns addresses from the peer's.</param>
/// <param name="EndOfCandidates">No more will come (RFC 8838, 14).</param>
internal sealed record IceFragmentContent(IceCredentials? Credentials, int CandidateCount, bool EndOfCandidates);
