using System.Security.Cryptography;

namespace MediaScore.WebRtc.Ice;

/// <summary>Makes our credentials (RFC 8839, 5.4: at least 24 bits of fragment, 128 bits of password).</summary>
internal static class IceCredentialsFactory
{
    // ice-char without '+' and '/', so that nothing has to be escaped anywhere.
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // 16 characters are 95 bits: fragments route datagrams to sessions, so they must not be guessed or meet.
    private const int UserFragmentLength = 16;

    // 32 characters are 190 bits.
    private const int PasswordLength = 32;

    public static IceCredentials Create() => new(RandomNumberGenerator.GetString(Characters, UserFragmentLength), RandomNumberGenerator.GetString(Characters, PasswordLength));
}
