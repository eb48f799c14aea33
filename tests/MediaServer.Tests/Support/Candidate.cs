using MediaScore.MediaServer.Sessions;
using MediaScore.Peers.Dtls;
using MediaScore.Peers.Running;
using MediaScore.Peers.Sessions;
using MediaScore.Peers.Sources;
using MediaScore.Peers.Whip;
using MediaScore.Pipelines.Session;
using MediaScore.Protocol.Interview.V1;
using Domain = MediaScore.Timeline;

namespace MediaScore.MediaServer.Tests.Support;

/// <summary>An invited candidate, whose browser is our own sender: each page load is a WHIP session of its own.</summary>
internal sealed class Candidate : IAsyncDisposable
{
    public const Domain.Modality Everything = Domain.Modality.Audio | Domain.Modality.Video | Domain.Modality.Transcript | Domain.Modality.Prosody | Domain.Modality.Text;

    private readonly PeerRunner _runner = new(new PeerRunnerOptions(), TimeProvider.System);
    private readonly PeerIdentity _identity = PeerIdentity.Create(TimeProvider.System);

    private Candidate(TestServer server, CreateInterviewResponse invitation) => (Server, Invitation) = (server, invitation);

    public TestServer Server { get; set; }

    public CreateInterviewResponse Invitation { get; }

    public string Token => Invitation.CandidateUrl.Split("token=")[1];

    public string WhipPath => $"/interviews/{Invitation.InterviewId}/whip";

    public LiveInterview Interview => Server.Host.Registry.Find(Invitation.InterviewId)!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Candidate> InviteAsync(TestServer server, Domain.Modality consent = Everything, Action<CreateInterviewRequest>? change = null)
    {
        var invitation = await server.CreateAsync(r =>
        {
            r.Consent.Clear();
            r.CandidateConsents = true;
            change?.Invoke(r);
        });
        var candidate = new Candidate(server, invitation);
        (await server.Host.Conductor.SetConsentAsync(candidate.Interview, consent, Cancellation)).ShouldBeNull();
        return candidate;
    }

    /// <summary>A page load: posts an offer, and sends in real time once the answer is there.</summary>
    public Task<PeerStart> LoadPageAsync(SenderOptions options) =>
        _runner.StartAsync(options, _identity, NewWhipClient(), cancellationToken: Cancellation);

    public WhipClient NewWhipClient() => new(Server.Http, new Uri(Server.Http.BaseAddress!, WhipPath), Token);

    /// <summary>The same, and waits until media can flow.</summary>
    public async Task<RunningPeer> ConnectAsync(SenderOptions options)
    {
        var start = await LoadPageAsync(options);
        start.Error.ShouldBeNull();
        await start.Peer!.Connected.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
        return start.Peer;
    }

    /// <summary>Waits until this much of the interview is durable.</summary>
    public async Task<InterviewSession> UntilDurableAsync(TimeSpan time)
    {
        var session = await Interview.OpenSessionAsync(Cancellation);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = session.Observe(e =>
        {
            if (e is Acknowledged a && a.Durable >= Domain.MediaTime.Zero + time)
                reached.TrySetResult();
        });
        if (session.Durable < Domain.MediaTime.Zero + time)
            await reached.Task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation);
        return session;
    }

    public async Task BeginAsync(string stage, string question) =>
        (await Server.Host.Control.BeginAsync(Interview, stage, question, 1, Cancellation)).ShouldSatisfyAllConditions(o => o.Accepted.ShouldBeTrue(o.Message));

    public async Task EndAnswerAsync(string stage, string question) =>
        (await Server.Host.Control.EndAnswerAsync(Interview, stage, question, 1, Cancellation)).ShouldSatisfyAllConditions(o => o.Accepted.ShouldBeTrue(o.Message));

    /// <summary>All that was understood.</summary>
    public async Task<string> TranscriptAsync()
    {
        var transcript = await Server.Client.GetTranscriptAsync(new GetTranscriptRequest { InterviewId = Invitation.InterviewId, AccessToken = Invitation.AccessToken });
        return string.Join(' ', transcript.Utterances.Select(u => u.Text).Where(t => t.Length > 0));
    }

    /// <summary>The candidate is done; waits for the report.</summary>
    public async Task<string> FinishAsync()
    {
        var interview = Interview;
        (await Server.Host.Control.EndAsync(interview, Cancellation)).Accepted.ShouldBeTrue();
        (await interview.Report.WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System, Cancellation)).Failure.ShouldBeNull();
        var report = await Server.Client.GetReportAsync(new GetReportRequest { InterviewId = Invitation.InterviewId, AccessToken = Invitation.AccessToken });
        return report.Content.ToStringUtf8();
    }

    public ValueTask DisposeAsync() => _runner.DisposeAsync();
}

/// <summary>What candidates send in tests.</summary>
internal static class CandidateMedia
{
    private static readonly ClipEncoder Encoder = new();

    /// <summary>Before the first word: time for the answer to begin.</summary>
    public static readonly TimeSpan LeadIn = TimeSpan.FromSeconds(2);

    /// <summary>Speech from a file behind <see cref="LeadIn"/>, once, then silence.</summary>
    public static async Task<SenderOptions> SpeechAsync(string file) => new()
    {
        Audio = await MediaClip.ReadOpusAsync(await Encoder.OpusAsync(
            ["-f", "lavfi", "-t", $"{LeadIn.TotalSeconds}", "-i", "anullsrc=r=16000:cl=mono", "-i", file, "-filter_complex", "concat=n=2:v=0:a=1"])),
        AudioSource = new OpusSourceOptions(Loop: false),
    };

    /// <summary>A tone that comes and goes, and a moving test picture in H.264, which the server prefers.</summary>
    public static async Task<SenderOptions> SyntheticAsync() => new()
    {
        Audio = await ToneAsync(),
        Video = await MediaClip.ReadH264Async(await Encoder.H264Async(ClipEncoder.SyntheticPicture(TimeSpan.FromSeconds(4))), 15),
    };

    /// <summary>The same by a browser that has VP8 only.</summary>
    public static async Task<SenderOptions> SyntheticVp8Async() => new()
    {
        Audio = await ToneAsync(),
        Video = await MediaClip.ReadVp8Async(await Encoder.Vp8Async(ClipEncoder.SyntheticPicture(TimeSpan.FromSeconds(4)))),
        Offer = new SenderOfferOptions { OffersH264 = false },
    };

    private static async Task<MediaClip> ToneAsync() => await MediaClip.ReadOpusAsync(await Encoder.OpusAsync(ClipEncoder.SyntheticSound(TimeSpan.FromSeconds(4))));
}
