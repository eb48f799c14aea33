using System.Globalization;
using Grpc.Core;
using MediaScore.Load.Speech;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.Load.Clients;

/// <summary>
/// A front-end that sends a candidate's media over gRPC. Everything is sent when it is due, however long answers take; after a break it goes on where the server's
/// <c>Ready</c> says, with what came due in the meantime.
/// </summary>
internal sealed class GrpcInterview(ClientWorld world, int number, InterviewLedger ledger, TimeSpan longest) : IInterview, IPaced
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private readonly WakeUp _due = new();
    private readonly OutgoingMessage _message = new();
    private GrpcStream? _stream;
    private long _nextAudio;
    private long _nextVideo;
    private ulong _nextControl;
    private long _audioSent;
    private long _videoSent;
    private long _nextDue = long.MaxValue;
    private long _endPlaceTicks;
    private int _flowing;
    private volatile string? _fault;

    public int Number => number;

    public string Id { get; private set; } = "";

    public string AccessToken { get; private set; } = "";

    public InterviewLedger Ledger => ledger;

    public long AudioSent => Volatile.Read(ref _audioSent);

    public long VideoSent => Volatile.Read(ref _videoSent);

    public TimeSpan EndPlace => TimeSpan.FromTicks(Volatile.Read(ref _endPlaceTicks));

    public string? Fault => _fault;

    public async Task<StartOutcome> StartAsync(long due, CancellationToken cancellation)
    {
        world.Meter.Requested(due, world.Time.GetTimestamp());
        try
        {
            var created = await world.Control.CreateInterviewAsync(InterviewRequest.Of(number, longest, invited: false), deadline: Deadline(), cancellationToken: cancellation);
            (Id, AccessToken) = (created.InterviewId, created.AccessToken);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.ResourceExhausted)
        {
            world.Meter.Refuse(due, world.Time.GetTimestamp());
            return new StartOutcome(StartResult.Refused, "no place", RetryAfter(e));
        }
        catch (RpcException e)
        {
            return StartOutcome.Failed($"CreateInterview: {e.StatusCode}");
        }

        return await ConnectAsync(cancellation);
    }

    public async Task DropAsync()
    {
        if (_stream is not { } stream)
            return;
        _stream = null;
        await stream.DisposeAsync();
        world.Pacer.Remove(this);
        EndFlow();
    }

    public Task<StartOutcome> ReconnectAsync(long due, CancellationToken cancellation) => ConnectAsync(cancellation);

    public Task RecordsAgainAsync(CancellationToken cancellation) => _stream is { } stream ? stream.Acknowledged.WaitAsync(cancellation) : Task.CompletedTask;

    public async Task<string?> EndAsync(CancellationToken cancellation)
    {
        if (_stream is not { } stream)
            return _fault ?? "not connected at its end";
        var place = ledger.PlaceOf(world.Time.GetTimestamp());
        Volatile.Write(ref _endPlaceTicks, Math.Max(1, place.Ticks / SpeechTrack.PacketTime.Ticks) * SpeechTrack.PacketTime.Ticks);
        EndFlow();
        _due.Call();
        try
        {
            return await stream.ReportReady.WaitAsync(cancellation) ? null : _fault ?? "the stream ended without a report";
        }
        catch (OperationCanceledException)
        {
            return "no report in time";
        }
    }

    public void Tell(long now)
    {
        // Told of an end as well: whoever waits for the next packet looks whether there is still a stream.
        if (Volatile.Read(ref _nextDue) <= now)
            _due.Call();
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is { } stream)
            await stream.DisposeAsync();
        world.Pacer.Remove(this);
        EndFlow();
    }

    private async Task<StartOutcome> ConnectAsync(CancellationToken cancellation)
    {
        var stream = new GrpcStream(world, ledger, number);
        var start = new Start { InterviewId = Id, AccessToken = AccessToken };
        start.Tracks.Add(new TrackDescription { Track = Track.Audio, Codec = Codec.Opus });
        start.Tracks.Add(new TrackDescription { Track = Track.Video, Codec = Codec.Vp8 });
        Ready ready;
        try
        {
            ready = await stream.OpenAsync(start, cancellation).WaitAsync(AnswerLimit, world.Time, cancellation);
        }
        catch (Exception e) when (e is RpcException or TimeoutException)
        {
            await stream.DisposeAsync();
            return StartOutcome.Failed($"StreamMedia: {(e as RpcException)?.StatusCode.ToString() ?? "no Ready in time"}");
        }
        catch (OperationCanceledException)
        {
            await stream.DisposeAsync();
            throw;
        }

        foreach (var position in ready.ResumeAt)
        {
            if (position.Track is Track.Audio)
                _nextAudio = (long)position.NextSequence;
            else if (position.Track is Track.Video)
                _nextVideo = (long)position.NextSequence;
            else
                _nextControl = position.NextSequence;
        }

        var now = world.Time.GetTimestamp();
        world.Meter.MediaBegan(again: ledger.HasBegun);
        Volatile.Write(ref _flowing, 1);
        ledger.Begin(now);
        _stream = stream;
        stream.Sending = SendAllAsync(stream, now);
        world.Pacer.Add(this);
        return StartOutcome.Started;
    }

    private async Task SendAllAsync(GrpcStream stream, long connectedAt)
    {
        var lag = new SendLagAccount(world.Meter);
        // What came due without a connection is no lateness of this program; a packet that is due at its very beginning can be late.
        lag.Blocked(long.MinValue, connectedAt - 1);
        try
        {
            if (_nextControl == 0)
                await SendMarkerAsync(stream, lag, StageMarkerKind.Begin, TimeSpan.Zero);
            while (!stream.IsOver)
            {
                var audioPlace = _nextAudio * SpeechTrack.PacketTime;
                var videoPlace = VideoPlace(_nextVideo);
                var sound = audioPlace <= videoPlace;
                var place = sound ? audioPlace : videoPlace;
                if (EndPlace != TimeSpan.Zero && place >= EndPlace)
                {
                    await SendMarkerAsync(stream, lag, StageMarkerKind.End, EndPlace);
                    await SendAsync(stream, lag, new ClientMessage { End = new End { Sequence = _nextControl++, MediaTimeUs = (long)EndPlace.TotalMicroseconds } });
                    await stream.CompleteAsync();
                    return;
                }

                var due = ledger.DueAt(place);
                var now = world.Time.GetTimestamp();
                if (due > now)
                {
                    Volatile.Write(ref _nextDue, due);
                    await _due.WaitAsync();
                    continue;
                }

                lag.Sending(due, now);
                await SendPacketAsync(stream, lag, sound, place);
            }
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // The status that says why comes on the reading side.
        }
        finally
        {
            Volatile.Write(ref _nextDue, long.MaxValue);
            await stream.ReadToEndAsync();
            EndFlow();
            if (stream == _stream && stream.Fault is { } fault)
                _fault = fault;
        }
    }

    private async Task SendPacketAsync(GrpcStream stream, SendLagAccount lag, bool sound, TimeSpan place)
    {
        var clip = sound ? ledger.Track.Audio : world.Video;
        var index = sound ? _nextAudio + ledger.Track.UnitAt(ledger.StartAt) : _nextVideo;
        var unit = clip.Units[(int)(index % clip.Units.Count)];
        _message.Other = null;
        _message.Track = sound ? Track.Audio : Track.Video;
        _message.Sequence = (ulong)(sound ? _nextAudio : _nextVideo);
        _message.MediaTimeUs = (long)place.TotalMicroseconds;
        _message.Payload = unit.Payload;
        _message.KeyFrame = !sound && unit.KeyFrame;
        await WriteAsync(stream, lag);
        // Counted once: what is sent again after a break has been counted before.
        if (sound)
            Volatile.Write(ref _audioSent, Math.Max(_audioSent, ++_nextAudio));
        else
            Volatile.Write(ref _videoSent, Math.Max(_videoSent, ++_nextVideo));
    }

    private TimeSpan VideoPlace(long frame)
    {
        var (loops, index) = Math.DivRem(frame, world.Video.Units.Count);
        return (loops * world.Video.Duration) + world.Video.Units[(int)index].Time;
    }

    private Task SendMarkerAsync(GrpcStream stream, SendLagAccount lag, StageMarkerKind kind, TimeSpan place) => SendAsync(stream, lag, new ClientMessage
    {
        Stage = new StageMarker
        {
            Sequence = _nextControl++,
            MediaTimeUs = (long)place.TotalMicroseconds,
            StageId = InterviewRequest.StageId,
            QuestionId = InterviewRequest.QuestionId,
            Attempt = 1,
            Kind = kind,
        },
    });

    private Task SendAsync(GrpcStream stream, SendLagAccount lag, ClientMessage other)
    {
        _message.Other = other;
        return WriteAsync(stream, lag);
    }

    private async Task WriteAsync(GrpcStream stream, SendLagAccount lag)
    {
        var began = world.Time.GetTimestamp();
        var write = stream.WriteAsync(_message);
        if (write.IsCompletedSuccessfully)
            return;
        await write;
        lag.Blocked(began, world.Time.GetTimestamp());
    }

    private void EndFlow()
    {
        if (Interlocked.Exchange(ref _flowing, 0) != 0)
            world.Meter.MediaEnded();
    }

    private DateTime Deadline() => (world.Time.GetUtcNow() + AnswerLimit).UtcDateTime;

    public static TimeSpan? RetryAfter(RpcException e) =>
        e.Trailers.GetValue("retry-after-ms") is { } text && int.TryParse(text, CultureInfo.InvariantCulture, out var ms) ? TimeSpan.FromMilliseconds(ms) : null;
}
