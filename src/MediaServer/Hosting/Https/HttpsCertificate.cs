using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MediaScore.MediaServer.Cli;
using MediaScore.MediaServer.Configuration;

namespace MediaScore.MediaServer.Hosting.Https;

/// <summary>
/// The certificate that the HTTPS port shows now: the owner's (<c>Server:CertificateFile</c>) or one that this server made. <see cref="Refresh"/> takes up a renewed
/// file, and makes another one before the made one expires or where the machine has a new address. Thread-safe.
/// </summary>
internal sealed class HttpsCertificate
{
    private const string MadeFile = "https.pem";

    private readonly string _madePath;
    private readonly string? _file;
    private readonly string? _keyFile;
    private readonly Func<CertificateNames> _names;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private DateTime _fileTime;
    private X509Certificate2 _certificate;
    private SslStreamCertificateContext _shown;

    /// <exception cref="CliException">The owner's files cannot be used.</exception>
    public HttpsCertificate(ServerOptions options, string dataFolder, Func<CertificateNames> names, TimeProvider time)
    {
        (_names, _time) = (names, time);
        _madePath = Path.Combine(dataFolder, MadeFile);
        if (options.CertificateFile.Length > 0)
        {
            _file = MediaScoreHome.Resolve(options.CertificateFile);
            _keyFile = options.CertificateKeyFile.Length > 0 ? MediaScoreHome.Resolve(options.CertificateKeyFile) : _file;
        }

        try
        {
            (_certificate, _shown) = Load();
        }
        catch (Exception e) when (_file is not null && e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new CliException(ExitCode.Environment, $"Server:CertificateFile {_file} with the key of {_keyFile} cannot be used (PEM, the key without a password): {e.Message}", e);
        }
    }

    /// <summary>This server made it; browsers warn.</summary>
    public bool IsMade => _file is null;

    /// <summary>For each handshake: the certificate with its key and its issuers.</summary>
    public SslStreamCertificateContext Shown
    {
        get
        {
            lock (_gate)
                return _shown;
        }
    }

    /// <summary>SHA-256, upper-case hex with colons, as browsers show it: to compare by eye behind the warning.</summary>
    public string Fingerprint
    {
        get
        {
            lock (_gate)
                return string.Join(':', _certificate.GetCertHash(HashAlgorithmName.SHA256).Select(b => b.ToString("X2")));
        }
    }

    /// <returns>True where another certificate is shown from now on.</returns>
    public bool Refresh()
    {
        lock (_gate)
        {
            if (_file is null ? MadeCertificate.Fits(_certificate, _names(), _time.GetUtcNow()) : File.GetLastWriteTimeUtc(_file) == _fileTime)
                return false;
            // The one before is not disposed: handshakes may be under way with it.
            (_certificate, _shown) = Load();
            return true;
        }
    }

    private (X509Certificate2 Certificate, SslStreamCertificateContext Shown) Load()
    {
        if (_file is null)
        {
            var made = MadeCertificate.LoadOrMake(_madePath, _names(), _time.GetUtcNow());
            return (made, SslStreamCertificateContext.Create(made, additionalCertificates: null, offline: true));
        }

        // Taken before the reading: a file that changes meanwhile is read once more.
        _fileTime = File.GetLastWriteTimeUtc(_file);
        var own = X509Certificate2.CreateFromPemFile(_file, _keyFile);
        // The file of an authority holds its intermediates behind the certificate; clients need them.
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_file);
        return (own, SslStreamCertificateContext.Create(own, chain, offline: true));
    }
}
