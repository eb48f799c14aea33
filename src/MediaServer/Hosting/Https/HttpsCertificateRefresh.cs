namespace MediaScore.MediaServer.Hosting.Https;

/// <summary>Keeps the HTTPS port's certificate fresh while the server runs.</summary>
internal sealed partial class HttpsCertificateRefresh(HttpsCertificate certificate, TimeProvider time, ILogger<HttpsCertificateRefresh> logger) : BackgroundService
{
    // A laptop that changed its network is asked for its new address within a minute.
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (certificate.Refresh())
                    LogRenewed(certificate.Fingerprint);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException or ArgumentException)
            {
                // The one in use goes on; a file that is being written is read a minute later.
                LogNotRenewed(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "HTTPS shows another certificate from now on: SHA-256 {Fingerprint}")]
    private partial void LogRenewed(string fingerprint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The HTTPS certificate could not be renewed; the one before stays in use")]
    private partial void LogNotRenewed(Exception fault);
}
