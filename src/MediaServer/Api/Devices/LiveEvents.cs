using MediaScore.DeviceStreams;
using MediaScore.MediaServer.Api.Candidate;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>The event streams that show what happens at doors: <c>GET /console/api/events/stream</c>.</summary>
internal sealed class LiveEvents(DeviceParts devices, TimeProvider time)
{
    // An office's screens, and what their sleeping laptops left behind.
    private const int MaxStreams = 16;

    private readonly StreamSeats _seats = new(MaxStreams);

    public async Task RunAsync(HttpContext http, string tenant)
    {
        using var seat = _seats.Take("doors", http.RequestAborted, devices.Stopping);
        using var stream = new LiveEventStream(devices, tenant, time);
        try
        {
            await stream.RunAsync(new EventStreamWriter(http.Response, CandidateJson.Options), seat.Ending);
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
