namespace MediaScore.WebRtc.Ice;

/// <summary>Attributes that checks and their answers use (RFC 8489, 14; RFC 8445, 7.1). Below 0x8000: must be understood.</summary>
internal enum StunAttribute : ushort
{
    MappedAddress = 0x0001,
    UserName = 0x0006,
    MessageIntegrity = 0x0008,
    ErrorCode = 0x0009,
    UnknownAttributes = 0x000A,
    Realm = 0x0014,
    Nonce = 0x0015,
    MessageIntegritySha256 = 0x001C,
    XorMappedAddress = 0x0020,
    Priority = 0x0024,
    UseCandidate = 0x0025,
    Software = 0x8022,
    Fingerprint = 0x8028,
    IceControlled = 0x8029,
    IceControlling = 0x802A,
}

/// <summary>The two class bits of a message type (RFC 8489, 5).</summary>
internal enum StunClass : byte
{
    Request = 0,
    Indication = 1,
    Success = 2,
    Error = 3,
}
