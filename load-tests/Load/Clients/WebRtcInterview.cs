using System.Net;
using Grpc.Core;
using MediaScore.Peers.Dtls;
using MediaScore.Peers.Running;
using MediaScore.Peers.Sessions;
using MediaScore.Peers.Sources;
using MediaScore.Peers.Whip;
using MediaScore.WebRtc;

namespace MediaScore.Load.Clients;

/// <summary>
/// A candidate in a browser: an invitation, consent on the page, WHIP, the page's events, an answer that begins and ends. Its sender is one of <see cref="ClientWorld.Senders"/>.
/// </summary>
/// <param name="invited">False where the front-end has asked for consent: the interview takes its place, or is refused, when it is created.</param>
internal sealed class WebRtcInterview(ClientWorld world, int number, InterviewLedger ledger, TimeSpan longest, bool invited) : IInterview, ISenderObserver
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    // A paced picture and the server's wait for a packet that is missing.
    private static readonly TimeSpan OnTheirWay = TimeSpan.FromMilliseconds(400);

    private CandidatePage? _page;
    private RunningPeer? _peer;
    private string _candidateToken = "";
    private TimeSpan _dropPlace;
    private TimeSpan _segmentPlace;
    private TimeSpan _segmentStartAt;
    private long _segmentZero;
    private long _audioSent;
    private long _videoSent;
    private TimeSpan _endPlace;
    private int _flowing;
    private Task _watching = Task.CompletedTask;
    private volatile bool _done;

    public int Number => number;

    public string Id { get; private set; } = "";

    public string AccessToken { get; private set; } = "";

    public InterviewLedger Ledger => ledger;

    public long AudioSent => Volatile.Read(ref _audioSent);

    public long VideoSent => Volatile.Read(ref _videoSent);

    public TimeSpan EndPlace => _endPlace;

    public string? Fault => _page?.Fault ?? (!_done && _peer is { Ended.IsCompleted: true } ? "the server closed the media connection" : null);

    public async Task<StartOutcome> StartAsync(long due, CancellationToken cancellation)
    {
        world.Meter.Requested(due, world.Time.GetTimestamp());
        try
        {
            var created = await world.Control.CreateInterviewAsync(
                InterviewRequest.Of(number, longest, invited), deadline: (world.Time.GetUtcNow() + AnswerLimit).UtcDateTime, cancellationToken: cancellation);
            (Id, AccessToken) = (created.InterviewId, created.AccessToken);
            _candidateToken = created.CandidateUrl[(created.CandidateUrl.IndexOf("token=", StringComparison.Ordinal) + 6)..];
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.ResourceExhausted)
        {
            world.Meter.Refuse(due, world.Time.GetTimestamp());
            return new StartOutcome(StartResult.Refused, "no place", GrpcInterview.RetryAfter(e));
        }
        catch (RpcException e)
        {
            return StartOutcome.Failed($"CreateInterview: {e.StatusCode}");
        }

        _page = new CandidatePage(world, Id, _candidateToken, ledger);
        if (invited && await _page.PostAsync("consent", InterviewRequest.ConsentJson, cancellation) is { } refused)
            return StartOutcome.Failed(refused);
        _page.Listen();
        var start = await ConnectAsync(due, ledger.StartAt, cancellation);
        if (start.Result is not StartResult.Started)
            return start;
        return await _page.PostAsync("stage", CandidatePage.Stage("begin"), cancellation) is { } notBegun ? StartOutcome.Failed(notBegun) : StartOutcome.Started;
    }

    public async Task DropAsync()
    {
        if (_peer is not { } peer)
            return;
        _peer = null;
        await peer.CrashAsync();
        _dropPlace = ledger.PlaceOf(world.Time.GetTimestamp());
        EndFlow();
        await _page!.LeaveAsync();
    }

    public async Task<StartOutcome> ReconnectAsync(long due, CancellationToken cancellation)
    {
        _page!.Listen();
        // A microphone goes on while nothing can be sent.
        var audio = ledger.Track.Audio;
        var position = audio.Units[ledger.Track.UnitAt(ledger.StartAt)].Time + ledger.PlaceOf(world.Time.GetTimestamp());
        return await ConnectAsync(due, TimeSpan.FromTicks(position.Ticks % audio.Duration.Ticks), cancellation);
    }

    public Task RecordsAgainAsync(CancellationToken cancellation) => _page!.WaitUntilSafeAsync(_segmentPlace, cancellation);

    public async Task<string?> EndAsync(CancellationToken cancellation)
    {
        if (_page is not { } page || _peer is not { } peer)
            return Fault ?? "not connected at its end";
        if (Fault is { } fault)
            return fault;
        _done = true;
        try
        {
            // What is sent after the interview's end is not recorded and was never meant to be: silent first, as a page is between answers.
            peer.MuteAudio(MuteKind.NoPackets);
            peer.MuteVideo(muted: true);
            _endPlace = ledger.PlaceOf(world.Time.GetTimestamp());
            EndFlow();
            await Task.Delay(OnTheirWay, world.Time, cancellation);
            if (await page.PostAsync("stage", CandidatePage.Stage("end"), cancellation) is { } notEnded)
                return notEnded;
            // As the page does: it says that it is done, then closes the connection.
            var end = await page.PostAsync("end", "{}", cancellation);
            await peer.StopAsync(cancellation);
            return end ?? await page.Finished.WaitAsync(cancellation);
        }
        catch (HttpRequestException e)
        {
            return $"end: {e.HttpRequestError}";
        }
        catch (OperationCanceledException)
        {
            return "no report in time";
        }
    }

    public async ValueTask DisposeAsync()
    {
        _done = true;
        if (_peer is { Ended.IsCompleted: false } peer)
            await peer.CrashAsync();
        await _watching;
        EndFlow();
        if (_page is not null)
            await _page.DisposeAsync();
    }

    public void OnState(SenderState state)
    {
        // The statistics say it where it matters.
    }

    /// <summary>On the senders' thread.</summary>
    public void OnFrameSent(MediaKind kind, TimeSpan mediaTime, bool keyFrame, ReadOnlyMemory<byte> payload)
    {
        if (kind is MediaKind.Video)
        {
            Volatile.Write(ref _videoSent, _videoSent + 1);
            return;
        }

        var now = world.Time.GetTimestamp();
        if (_segmentZero == 0)
            BeginSegment(now);
        Volatile.Write(ref _audioSent, _audioSent + 1);
        world.Meter.Sent(ledger.DueAt(_segmentPlace + mediaTime), now);
    }

    /// <summary>The first packet of a connection: from here on packets are due every 20 ms.</summary>
    private void BeginSegment(long now)
    {
        _segmentZero = now;
        if (!ledger.HasBegun)
        {
            ledger.Begin(now);
            return;
        }

        _segmentPlace = ledger.PlaceOf(now);
        ledger.GoOn(_dropPlace, _segmentPlace, _segmentStartAt);
    }

    private async Task<StartOutcome> ConnectAsync(long due, TimeSpan startAt, CancellationToken cancellation)
    {
        (_segmentZero, _segmentStartAt) = (0, startAt);
        var options = new SenderOptions
        {
            Audio = ledger.Track.Audio,
            Video = world.Video,
            AudioSource = new OpusSourceOptions(StartAt: startAt),
            // A hundred pictures do not begin with the same key frame.
            VideoStartAt = TimeSpan.FromTicks(number * TimeSpan.TicksPerMillisecond * 310 % world.Video.Duration.Ticks),
            Dtls = new DtlsPeerOptions { ThreadBegan = PunctualThread.Lower },
            Offer = new SenderOfferOptions { OffersH264 = false },
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerLimit);
        try
        {
            var whip = new WhipClient(world.Http, new Uri(world.HttpAddress, $"/interviews/{Id}/whip"), _candidateToken);
            var start = await world.Senders.StartAsync(options, world.Identity, whip, observer: this, cancellationToken: limit.Token);
            if (start.Reply is { Status: HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests } refusal)
            {
                world.Meter.Refuse(due, world.Time.GetTimestamp());
                return new StartOutcome(StartResult.Refused, "no place", refusal.RetryAfter);
            }

            if (start.Peer is not { } peer)
                return StartOutcome.Failed($"WHIP: {start.Reply?.Status.ToString() ?? start.Error}");
            // Before it is connected: whoever gives up disposes, and what runs must be known to be ended.
            _peer = peer;
            await peer.Connected.WaitAsync(limit.Token);
            world.Meter.MediaBegan(again: ledger.HasBegun && AudioSent > 0 && _segmentPlace > TimeSpan.Zero);
            Volatile.Write(ref _flowing, 1);
            _watching = EndFlowWithAsync(peer);
            return StartOutcome.Started;
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            if (_peer is { } unconnected)
                await unconnected.CrashAsync();
            _peer = null;
            return StartOutcome.Failed(e is OperationCanceledException ? "the media connection took too long" : e.Message);
        }
    }

    private async Task EndFlowWithAsync(RunningPeer peer)
    {
        await peer.Ended;
        // Not where another connection has taken its place: the flow is that one's.
        if (_peer == peer)
            EndFlow();
    }

    private void EndFlow()
    {
        if (Interlocked.Exchange(ref _flowing, 0) != 0)
            world.Meter.MediaEnded();
    }
}
