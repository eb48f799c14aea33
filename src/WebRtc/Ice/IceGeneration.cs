using System.Text;

namespace MediaScore.WebRtc.Ice;

/// <summary>One pair of credentials and what is computed from them once: the user name that checks carry, and our password's key.</summary>
internal sealed class IceGeneration : IDisposable
{
    private readonly byte[] _userName;

    public IceGeneration(IceCredentials local, IceCredentials remote)
    {
        Local = local;
        Remote = remote;
        _userName = Encoding.ASCII.GetBytes(local.UserFragment + ":" + remote.UserFragment);
        Key = new StunIntegrityKey(local.Password);
    }

    public IceCredentials Local { get; }

    public IceCredentials Remote { get; }

    /// <summary>Of our password: checks towards us and our answers are made with it (RFC 8445, 7.2.2).</summary>
    public StunIntegrityKey Key { get; }

    /// <summary>User names are no secret; the password is, and is compared in constant time.</summary>
    public bool IsUserName(ReadOnlySpan<byte> userName) => userName.SequenceEqual(_userName);

    public void Dispose() => Key.Dispose();
}
