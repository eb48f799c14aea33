using System.Security.Cryptography.X509Certificates;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>Certificates as settings name them.</summary>
internal static class CertificateFiles
{
    /// <param name="keyFile">Empty: the key is in the same file.</param>
    /// <returns>The caller's; with its private key.</returns>
    /// <exception cref="Exception">The files hold none.</exception>
    public static X509Certificate2 Load(string file, string keyFile) => X509Certificate2.CreateFromPemFile(file, keyFile.Length > 0 ? keyFile : null);
}
