namespace MediaScore.Load.Server;

/// <summary>The server's <c>/metrics</c>.</summary>
/// <param name="answerLimit">Longest wait for one answer; null is 20 s, more than any that was seen under overload.</param>
internal sealed class ServerMetrics(Uri address, TimeSpan? answerLimit = null) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = answerLimit ?? TimeSpan.FromSeconds(20) };

    public Uri Address => address;

    public TimeSpan AnswerLimit => _http.Timeout;

    /// <returns>Null where the answer took too long.</returns>
    /// <exception cref="HttpRequestException">There was none.</exception>
    public async Task<MetricsSnapshot?> TryGetAsync(CancellationToken cancellation)
    {
        try
        {
            return MetricsSnapshot.Parse(await _http.GetStringAsync(address, cancellation));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
