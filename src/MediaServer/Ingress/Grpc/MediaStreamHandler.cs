using System.Diagnostics;
using Grpc.Core;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting;
using MediaScore.MediaServer.Observability;
using MediaScore.MediaServer.Sessions;
using MediaScore.Protocol.Interview.V1;
using MediaScore.Storage;
using Microsoft.Extensions.Options;

namespace MediaScore.MediaServer.Ingress.Grpc;

/// <summary>Opens <c>StreamMedia</c>: who comes, to which interview, with which tracks; then <see cref="MediaStream"/> runs it.</summary>
internal sealed class MediaStreamHandler(
    InterviewConductor conductor, SessionRegistry registry, InterviewStore store, ServerAddresses addresses, IOptions<StreamOptions> options, MediaServerMeter meter,
    StreamDrain drain, TimeProvider time)
{
    public async Task RunAsync(IAsyncStreamReader<ClientMessage> requests, IServerStreamWriter<ServerMessage> responses, ServerCallContext context)
    {
        var status = StatusCode.OK;
        drain.Enter();
        try
        {
            await RunCoreAsync(requests, responses, context);
        }
        catch (RpcException e)
        {
            status = e.StatusCode;
            throw;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            status = StatusCode.Cancelled;
            throw;
        }
        finally
        {
            meter.StreamEnded(status.ToString());
            drain.Leave();
        }
    }

    private async Task RunCoreAsync(IAsyncStreamReader<ClientMessage> requests, IServerStreamWriter<ServerMessage> responses, ServerCallContext context)
    {
        var start = await ReadStartAsync(requests, context.CancellationToken);
        var faults = StreamRules.CheckTracks(start.Tracks, out var formats, out var unknownCodec);
        if (faults.Count > 0)
            throw unknownCodec ? new RpcException(new Status(StatusCode.Unimplemented, string.Join("; ", faults))) : CallFaults.InvalidArgument(faults);

        var interview = await FindAsync(start, context.CancellationToken);
        if (interview.Row.ConsentPending)
            throw CallFaults.FailedPrecondition($"The candidate of interview {interview.Row.Id} has not been asked for consent yet; it is given on the candidate's page.");
        if (interview.Row.State is Storage.InterviewState.Created && !conductor.TakesNew)
            throw CallFaults.Restarting();
        if (conductor.TakePlace(interview) is { Admitted: false } refusal)
            throw CallFaults.Refused(refusal);
        var session = await OpenAsync(interview, context.CancellationToken);
        if (session.HasEnded)
            throw AlreadyEnded(interview.Row.Id);
        await conductor.NoteRunningAsync(interview, context.CancellationToken);
        Pipelines.Session.MediaConnection connection;
        try
        {
            connection = session.Connect(formats);
        }
        catch (InvalidOperationException e)
        {
            throw CallFaults.InvalidArgument($"start.tracks: {e.Message}");
        }

        using (connection)
        using (InterviewTraces.StartConnection(interview.Trace, connection.Resumed))
        {
            interview.Touch();
            try
            {
                using var stream = new MediaStream(conductor, interview, session, connection, formats, options.Value, addresses, meter, time);
                await stream.RunAsync(requests, responses, context.CancellationToken);
            }
            finally
            {
                interview.Touch();
                meter.MessagesDropped(connection.DroppedEventCount);
            }
        }
    }

    private async Task<Start> ReadStartAsync(IAsyncStreamReader<ClientMessage> requests, CancellationToken cancellation)
    {
        var limit = TimeSpan.FromSeconds(options.Value.ReadIdleSeconds);
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            if (!await requests.MoveNext(either.Token))
                throw CallFaults.InvalidArgument("The stream ended before its start; the first message must be start.");
        }
        catch (Exception e) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"No message came within {limit.TotalSeconds:0} s; the first must be start."), e.GetType().Name);
        }

        var first = requests.Current;
        return first.Start ?? throw CallFaults.InvalidArgument($"The first message is {first.MessageCase}; it must be start.");
    }

    private async Task<LiveInterview> FindAsync(Start start, CancellationToken cancellation)
    {
        // What is led here is in memory; a hundred who come back at once need no database.
        var row = registry.Find(start.InterviewId)?.Row ?? await store.FindAsync(start.InterviewId, cancellation) ?? throw CallFaults.NotFound(start.InterviewId);
        if (!AccessToken.Matches(start.AccessToken, row.AccessTokenSha256))
            throw CallFaults.WrongToken();
        Activity.Current?.SetTag("mediascore.interview.id", row.Id);
        return registry.Find(row.Id) ?? throw AlreadyEnded(row.Id);
    }

    private static async Task<Pipelines.Session.InterviewSession> OpenAsync(LiveInterview interview, CancellationToken cancellation)
    {
        try
        {
            return await interview.OpenSessionAsync(cancellation);
        }
        catch (ObjectDisposedException)
        {
            // Found, and in the same moment over or stopped.
            throw interview.Row.State is Storage.InterviewState.Created or Storage.InterviewState.Running ? CallFaults.Restarting() : AlreadyEnded(interview.Row.Id);
        }
    }

    private static RpcException AlreadyEnded(string interviewId) => CallFaults.FailedPrecondition($"Interview {interviewId} has already ended.");
}
