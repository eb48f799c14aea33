using System.Buffers.Binary;
using System.Net;
using MediaScore.WebRtc.Ice;

namespace MediaScore.WebRtc.Tests.Ice;

/// <summary>The other end of an ICE-lite agent: makes checks as browsers do.</summary>
internal sealed class IceTestPeer
{
    public static readonly IceCredentials ServerCredentials = new("serverFragment01", "serverPasswordOf32Characters0001");

    public static readonly IceCredentials PeerCredentials = new("peer", "peerPasswordOf32Characters000001");

    public static readonly RemoteAddress Home = RemoteAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 40_000));

    public static readonly RemoteAddress Cellular = RemoteAddress.From(new IPEndPoint(IPAddress.Parse("2001:db8::7"), 50_000));

    private readonly byte[] _buffer = new byte[512];
    private uint _transaction;

    public static Instant At(double seconds) => new((long)(seconds * 1_000_000));

    /// <param name="add">Attributes beside the usual ones.</param>
    public byte[] Check(IceCredentials to, bool useCandidate = false, bool controlled = false, IceCredentials? from = null, string? password = null,
        bool integrity = true, bool fingerprint = true, StunClass @class = StunClass.Request, params (StunAttribute Type, byte[] Value)[] add)
    {
        Span<byte> transaction = stackalloc byte[StunMessage.TransactionIdLength];
        BinaryPrimitives.WriteUInt32BigEndian(transaction, ++_transaction);
        var writer = new StunMessageWriter(_buffer, @class, transaction);
        writer.WriteUserName(to.UserFragment, (from ?? PeerCredentials).UserFragment);
        writer.WritePriority(0x6E7F1EFF);
        if (controlled)
            writer.WriteIceControlled(7);
        else
            writer.WriteIceControlling(7);
        if (useCandidate)
            writer.WriteUseCandidate();
        foreach (var (type, value) in add)
            writer.Write(type, value);
        using var key = new StunIntegrityKey(password ?? to.Password);
        if (integrity)
            writer.WriteIntegrity(key);
        if (fingerprint)
            writer.WriteFingerprint();
        writer.Length.ShouldBeGreaterThan(0);
        return _buffer[..writer.Length];
    }
}
