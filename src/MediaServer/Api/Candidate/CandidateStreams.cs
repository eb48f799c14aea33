using MediaScore.MediaServer.Sessions;

namespace MediaScore.MediaServer.Api.Candidate;

/// <summary>The event streams of candidates' pages: <c>GET .../candidate/events</c>.</summary>
internal sealed class CandidateStreams(InterviewConductor conductor, TimeProvider time)
{
    // The page, a second window, HR's look at it, and what a phone's lost network left behind.
    private const int StreamsPerInterview = 8;

    private readonly StreamSeats _seats = new(StreamsPerInterview);

    /// <summary>Open now, of all interviews.</summary>
    public int Count => _seats.Count;

    public async Task RunAsync(LiveInterview interview, HttpContext http)
    {
        using var seat = _seats.Take(interview.Row.Id, http.RequestAborted, conductor.Stopping);
        using var stream = new CandidateStream(interview, new EventStreamWriter(http.Response, CandidateJson.Options), time);
        try
        {
            await stream.RunAsync(seat.Ending);
        }
        catch (OperationCanceledException) when (seat.Ending.IsCancellationRequested)
        {
            // The page went, the server stops, or a newer stream took the seat.
        }
        catch (IOException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The connection broke in the middle of a write.
        }
    }
}
