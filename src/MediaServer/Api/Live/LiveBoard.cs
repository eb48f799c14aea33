using MediaScore.MediaServer.Api.Candidate;
using MediaScore.MediaServer.Sessions;
using MediaScore.Storage;

namespace MediaScore.MediaServer.Api.Live;

/// <summary>The interviews that run now, whatever their transport, and the event streams that show them: <c>GET /console/live/events</c>.</summary>
internal sealed class LiveBoard(SessionRegistry registry, InterviewConductor conductor, TimeProvider time)
{
    // An office's screens, and what their sleeping laptops left behind.
    private const int MaxStreams = 16;

    // The meter's floor, dBFS: below it there is no sound but noise of the converter.
    private const double SilenceDbfs = -90;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly StreamSeats _seats = new(MaxStreams);

    public async Task RunAsync(HttpContext http)
    {
        using var seat = _seats.Take("console", http.RequestAborted, conductor.Stopping);
        var writer = new EventStreamWriter(http.Response, CandidateJson.Options);
        try
        {
            await writer.BeginAsync(seat.Ending);
            using var timer = new PeriodicTimer(Period, time);
            do
                await writer.SendAsync("interviews", Lines(), seat.Ending);
            while (await timer.WaitForNextTickAsync(seat.Ending));
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

    /// <summary>In the order in which the interviews were made.</summary>
    public IReadOnlyList<LiveInterviewLine> Lines() =>
        [.. registry.All.Where(i => i.Row.State is InterviewState.Running or InterviewState.Finishing).OrderBy(i => i.Row.Id, StringComparer.Ordinal).Select(LineOf)];

    private static LiveInterviewLine LineOf(LiveInterview interview)
    {
        var session = interview.Session;
        var open = session is { HasEnded: false } ? CandidateControl.Position(interview).Position.Active : null;
        var connection = interview.Connection;
        var connected = interview.IsMediaConnected;
        return new LiveInterviewLine(
            interview.Row.Id, interview.Row.PlanId, interview.Row.CandidateReference,
            CandidateJson.Word(CandidateStates.PhaseOf(interview.Row, interview)), connected,
            connection is not null ? "webrtc" : session is { IsConnected: true } ? "grpc" : null,
            open?.StageId, open?.QuestionId,
            connected && session?.SoundLevelDbfs is > SilenceDbfs and var level ? Math.Round(level, 1) : null,
            interview.Watch.Caption, interview.Watch.Warnings, (session?.Durable.Microseconds ?? 0) / 1000,
            connection is not null ? Math.Round(connection.LossPercent, 1) : null);
    }
}
