using Google.Protobuf;
using Grpc.Core;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting;
using MediaScore.MediaServer.Observability;
using MediaScore.MediaServer.Sessions;
using MediaScore.Pipelines.Session;
using MediaScore.Protocol.Interview.V1;
using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Ingress.Grpc;

/// <summary>
/// One open media stream. The reader records what comes and waits for it, so a client is read as fast as it is recorded; the pump turns what the session says
/// into messages; the writer sends them; a watch closes a stream whose client says nothing, or reads nothing, for too long. One use.
/// </summary>
internal sealed class MediaStream(
    InterviewConductor conductor, LiveInterview interview, InterviewSession session, MediaConnection connection, IReadOnlyList<TrackFormat> formats,
    StreamOptions options, ServerAddresses addresses, MediaServerMeter meter, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);

    private readonly OutgoingMessages _outgoing = new(options.OutgoingMessages);
    private readonly ControlGate _gate = interview.Gate(session);
    private long _lastHeard = time.GetTimestamp();
    private long _writeBegan;
    private bool _reading = true;

    /// <exception cref="RpcException">With the status that the stream ends with, where that is not OK.</exception>
    public async Task RunAsync(IAsyncStreamReader<ClientMessage> requests, IServerStreamWriter<ServerMessage> responses, CancellationToken cancellation)
    {
        Send(Ready());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var read = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, connection.Superseded, conductor.Stopping);
        var reading = ReadAsync(requests, read.Token);
        var pumping = PumpAsync(stop.Token);
        var writing = WriteAsync(responses, stop.Token);
        var watching = WatchAsync(stop.Token);
        try
        {
            var running = new List<Task> { reading, pumping, writing, watching };
            while (running.Count > 0)
            {
                var finished = await Task.WhenAny(running);
                running.Remove(finished);
                if (finished == reading && (connection.Superseded.IsCancellationRequested || conductor.Stopping.IsCancellationRequested))
                    continue; // The pump knows why, and says it.
                await finished;
                var clientLeft = finished == reading && !await reading;
                if (clientLeft || finished == pumping)
                {
                    _outgoing.Complete();
                    await writing.WaitAsync(TimeSpan.FromSeconds(options.WriteStallSeconds), time, cancellation);
                    return;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(reading, pumping, writing, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            meter.MessagesDropped(_outgoing.DroppedCount);
        }
    }

    public void Dispose() => _outgoing.Dispose();

    /// <returns>True after the interview's end, false when the client closed its side before.</returns>
    private async Task<bool> ReadAsync(IAsyncStreamReader<ClientMessage> requests, CancellationToken cancellation)
    {
        for (var number = 2L; await MoveNextAsync(requests, number, cancellation); number++)
        {
            Volatile.Write(ref _lastHeard, time.GetTimestamp());
            var message = requests.Current;
            var verdict = message.MessageCase switch
            {
                ClientMessage.MessageOneofCase.Packet => await AcceptAsync(message.Packet, number, cancellation),
                ClientMessage.MessageOneofCase.Stage => await AcceptAsync(message.Stage, number, cancellation),
                ClientMessage.MessageOneofCase.WrittenAnswer => await AcceptAsync(message.WrittenAnswer, number, cancellation),
                ClientMessage.MessageOneofCase.End => await connection.EndAsync(message.End.Sequence, message.End.MediaTimeUs, InterviewEndReason.ClientEnded, cancellation),
                ClientMessage.MessageOneofCase.Start => throw Fault(number, "it is a second start; only the first message may be one"),
                _ => throw Fault(number, "it holds none of packet, stage, written_answer and end"),
            };
            switch (verdict.Outcome)
            {
                case PacketOutcome.Refused:
                    throw Fault(number, verdict.Reason!);
                case PacketOutcome.Superseded:
                    throw Superseded();
                case PacketOutcome.Ended:
                    throw CallFaults.FailedPrecondition($"Message {number} came after the interview's end.");
            }

            if (message.End is not null)
            {
                Volatile.Write(ref _reading, false);
                await conductor.NoteEndedAsync(interview, cancellation);
                return true;
            }
        }

        return false;
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncStreamReader<ClientMessage> requests, long number, CancellationToken cancellation)
    {
        try
        {
            return await requests.MoveNext(cancellation);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.ResourceExhausted)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"Message {number} is too large; the limit is {StreamRules.MaxMessageBytes} bytes (1 MiB)."), e.GetType().Name);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Fault(number, $"it is no ClientMessage ({e.Message})");
        }
    }

    private async ValueTask<PacketVerdict> AcceptAsync(MediaPacket packet, long number, CancellationToken cancellation)
    {
        var kind = WireMapping.ToOurs(packet.Track);
        if (StreamRules.Check(packet, FormatOf(kind)) is { } fault)
            throw Fault(number, fault);
        // The payload is the message's own array, which nobody writes to again.
        var verdict = await connection.AcceptAsync(new IncomingPacket(kind!.Value, packet.Sequence, packet.MediaTimeUs, packet.KeyFrame, packet.Payload.Memory), cancellation);
        meter.PacketCame(verdict.Outcome, packet.Payload.Length);
        return verdict;
    }

    private ValueTask<PacketVerdict> AcceptAsync(StageMarker marker, long number, CancellationToken cancellation)
    {
        var begins = marker.Kind is StageMarkerKind.Begin;
        var fault = StreamRules.Check(marker)
            ?? _gate.Check(marker.Sequence, marker.MediaTimeUs, marker.StageId, marker.QuestionId, marker.Attempt, begins);
        return fault is null
            ? connection.AcceptMarkerAsync(marker.Sequence, marker.MediaTimeUs, marker.StageId, marker.QuestionId, marker.Attempt, begins, cancellation)
            : throw Fault(number, fault);
    }

    private ValueTask<PacketVerdict> AcceptAsync(Protocol.Interview.V1.WrittenAnswer answer, long number, CancellationToken cancellation)
    {
        var fault = StreamRules.Check(answer)
            ?? _gate.CheckWritten(answer.Sequence, answer.MediaTimeUs, answer.StageId, answer.QuestionId, answer.Attempt, answer.Text);
        return fault is null
            ? connection.AcceptWrittenAnswerAsync(answer.Sequence, answer.MediaTimeUs, answer.StageId, answer.QuestionId, answer.Attempt, answer.Text, cancellation)
            : throw Fault(number, fault);
    }

    private async Task PumpAsync(CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, conductor.Stopping);
        try
        {
            await PumpCoreAsync(either.Token);
        }
        catch (OperationCanceledException) when (conductor.Stopping.IsCancellationRequested)
        {
            throw Unavailable();
        }
    }

    private async Task PumpCoreAsync(CancellationToken cancellation)
    {
        await foreach (var e in connection.Events.ReadAllAsync(cancellation))
        {
            if (WireMapping.ToWire(e) is { } message)
                Send(message);
        }

        if (!session.HasEnded)
            throw conductor.Stopping.IsCancellationRequested || session.Completion.IsFaulted ? Unavailable() : Superseded();
        Send(WireMapping.Progress("scoring", 0));
        var outcome = await interview.Report.WaitAsync(cancellation);
        if (outcome.Failure is { } failure)
            throw new RpcException(new Status(StatusCode.Internal, $"There will be no report: {failure}"));
        Send(WireMapping.Progress("report", 1));
        Send(new ServerMessage
        {
            ReportReady = new ReportReady { InterviewId = interview.Row.Id, Path = ServerAddresses.ReportPath(interview.Row.Id), Url = addresses.ReportUrl(interview.Row.Id) },
        });
    }

    private async Task WriteAsync(IServerStreamWriter<ServerMessage> responses, CancellationToken cancellation)
    {
        while (await _outgoing.TakeAsync(cancellation) is { } message)
        {
            Volatile.Write(ref _writeBegan, time.GetTimestamp());
            await responses.WriteAsync(message, cancellation);
            Volatile.Write(ref _writeBegan, 0);
        }
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(WatchPeriod, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            if (Volatile.Read(ref _reading) && time.GetElapsedTime(Volatile.Read(ref _lastHeard)).TotalSeconds > options.ReadIdleSeconds)
                throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"Nothing came for {options.ReadIdleSeconds} s. Open the stream again; the interview goes on where Ready says."));
            if (Volatile.Read(ref _writeBegan) is var began and not 0 && time.GetElapsedTime(began).TotalSeconds > options.WriteStallSeconds)
                throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"The client read nothing for {options.WriteStallSeconds} s. Open the stream again; the interview goes on where Ready says."));
        }
    }

    private void Send(ServerMessage message)
    {
        if (!_outgoing.TryAdd(message))
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The client left {options.OutgoingMessages} messages unread. Open the stream again; the interview goes on where Ready says."));
    }

    private ServerMessage Ready()
    {
        var ready = new Ready { DurableUs = connection.Durable.Microseconds, Resumed = connection.Resumed };
        foreach (var position in connection.ResumePositions)
            ready.ResumeAt.Add(WireMapping.ToWire(position));
        return new ServerMessage { Ready = ready };
    }

    private TrackFormat? FormatOf(TrackKind? kind)
    {
        foreach (var format in formats)
        {
            if (format.Track == kind)
                return format;
        }

        return null;
    }

    private static RpcException Fault(long number, string fault) => CallFaults.InvalidArgument($"Message {number}: {fault}.");

    private static RpcException Superseded() => new(new Status(StatusCode.Aborted, "Another connection with this interview's token took over."));

    private static RpcException Unavailable() =>
        new(new Status(StatusCode.Unavailable, "The session stopped here. What was acknowledged is on disk; open the stream again and go on where Ready says."));
}
