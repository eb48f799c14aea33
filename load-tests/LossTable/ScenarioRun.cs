using MediaScore.MediaServer.Hosting;
using MediaScore.MediaServer.Sessions;
using MediaScore.Peers.Dtls;
using MediaScore.Peers.Running;
using MediaScore.Peers.Sessions;
using MediaScore.Peers.Sources;
using MediaScore.Peers.Whip;
using MediaScore.Pipelines.Session;
using MediaScore.Protocol.Interview.V1;
using MediaScore.Recording;
using MediaScore.TestMedia;
using MediaScore.Timeline;
using Grpc.Net.Client;
using InterviewEndReason = MediaScore.Timeline.InterviewEndReason;
using Modality = MediaScore.Protocol.Interview.V1.Modality;

namespace MediaScore.LossTable;

/// <summary>One interview over one bad network: WHIP and UDP into a whole server, then what it recorded and heard.</summary>
internal sealed class ScenarioRun(MediaServerHost host, PeerRunner runner, HttpClient http, SpokenClip clip, PeerIdentity identity, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    // Of the last words: the longest hold and the end of the utterance.
    private static readonly TimeSpan Tail = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan ReportLimit = TimeSpan.FromMinutes(5);

    public async Task<Outcome> RunAsync(Scenario scenario, int number, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(host.Addresses.Grpc);
        var request = new CreateInterviewRequest { Tenant = "loss", PlanId = "store-manager", Language = "en", CandidateReference = $"scenario-{number}" };
        request.Consent.AddRange([Modality.Audio, Modality.Video, Modality.Transcript]);
        var created = await new InterviewService.InterviewServiceClient(channel).CreateInterviewAsync(request, cancellationToken: cancellationToken);
        var interview = host.Registry.Find(created.InterviewId)!;

        var asked = time.GetTimestamp();
        var whip = new WhipClient(http, new Uri($"{host.Addresses.Http}/interviews/{created.InterviewId}/whip"), created.AccessToken);
        var options = new SenderOptions
        {
            Audio = clip.Audio,
            Video = clip.Video,
            AudioSource = new OpusSourceOptions(Loop: false),
            Offer = new SenderOfferOptions { AudioNack = scenario.AudioNack, OffersH264 = false },
        };
        var start = await runner.StartAsync(options, identity, whip, new PeerNetwork(scenario.Network, scenario.Network, 1 + (2 * number)), null, cancellationToken);
        if (start.Peer is not { } peer)
            return Lost(scenario, start.Error!);
        try
        {
            await peer.Connected.WaitAsync(TimeSpan.FromSeconds(30), time, cancellationToken);
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException)
        {
            return Lost(scenario, error.Message);
        }

        var connect = time.GetElapsedTime(asked);
        var captions = new List<CaptionHeard>();
        var standstill = await WatchAsync(scenario, interview, peer, captions, cancellationToken);
        if (peer.Statistics.State == SenderState.Closed)
            return Lost(scenario, "the server closed the connection");
        await peer.StopAsync(cancellationToken);
        var session = interview.Session!;
        await session.EndAsync(InterviewEndReason.ClientEnded, cancellationToken);
        await host.Conductor.NoteEndedAsync(interview, cancellationToken);
        var report = await interview.Report.WaitAsync(ReportLimit, time, cancellationToken);

        string heard;
        lock (captions)
            heard = string.Join(' ', captions.OrderBy(caption => caption.Range.Start).Select(caption => caption.Text));
        return Measure(scenario, created.InterviewId, peer.Statistics) with
        {
            Fault = report.Failure,
            Connect = connect,
            Words = WordErrorRate.Of(clip.Reference, heard),
            Standstill = standstill,
        };
    }

    /// <summary>While the clip is sent: does what the scenario says, and notes how long nothing new was recorded.</summary>
    private async Task<TimeSpan> WatchAsync(Scenario scenario, LiveInterview interview, RunningPeer peer, List<CaptionHeard> captions, CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(Look, time);
        var began = time.GetTimestamp();
        var (recorded, since, longest) = (MediaTime.Zero, began, TimeSpan.Zero);
        IDisposable? observation = null;
        var happened = false;
        try
        {
            while (time.GetElapsedTime(began) < clip.Audio.Duration + Tail && peer.Statistics.State != SenderState.Closed)
            {
                await look.WaitForNextTickAsync(cancellationToken);
                if (interview.Session is not { } session)
                    continue;
                observation ??= session.Observe(heard =>
                {
                    if (heard is not CaptionHeard caption)
                        return;
                    lock (captions)
                        captions.Add(caption);
                });
                if (!happened && scenario.Happening is { } happening && time.GetElapsedTime(began) >= Scenario.HappensAt)
                {
                    happened = true;
                    happening(peer);
                }

                var now = time.GetTimestamp();
                if (session.RecordedUntil != recorded)
                {
                    (recorded, since) = (session.RecordedUntil, now);
                    continue;
                }

                var still = time.GetElapsedTime(since, now);
                longest = still > longest ? still : longest;
            }

            // The last utterance is heard after the connection is closed; the observation stays until the session goes.
            observation = null;
            return longest;
        }
        finally
        {
            observation?.Dispose();
        }
    }

    private Outcome Measure(Scenario scenario, string id, SenderStatistics sent)
    {
        var (sound, pictures) = (0L, 0L);
        var (soundHole, picturesHole) = (TimeSpan.Zero, TimeSpan.Zero);
        MediaTime? lastSound = null, lastPicture = null;
        using var key = host.Parts.Keys.TryGet(id)!;
        using var reader = RecordingReader.Open(new InterviewFolder(host.Parts.InterviewsRoot, id).RecordingPath, key);
        foreach (var entry in reader.ReadAll())
        {
            if (!entry.IsPacket)
                continue;
            if (entry.Packet.Track == TrackKind.Audio)
            {
                sound++;
                Widen(ref soundHole, ref lastSound, entry.Packet.Time);
            }
            else if (entry.Packet.Track == TrackKind.Video)
            {
                pictures++;
                Widen(ref picturesHole, ref lastPicture, entry.Packet.Time);
            }
        }

        return new Outcome(
            scenario, null, TimeSpan.Zero, Percent(sound, sent.AudioFrameCount + sent.AudioFramesNotSentCount), Percent(pictures, sent.VideoFrameCount + sent.VideoFramesNotSentCount),
            default, sent.PliCount + sent.FirCount, soundHole, picturesHole, TimeSpan.Zero, sent.DisconnectCount, sent.RestartCount);
    }

    private static void Widen(ref TimeSpan hole, ref MediaTime? last, MediaTime time)
    {
        if (last is { } before && TimeSpan.FromMicroseconds(time.Microseconds - before.Microseconds) is var gap && gap > hole)
            hole = gap;
        last = time;
    }

    private static double Percent(long part, long whole) => whole == 0 ? 0 : Math.Min(100, 100.0 * part / whole);

    private static Outcome Lost(Scenario scenario, string fault) =>
        new(scenario, fault, TimeSpan.Zero, 0, 0, default, 0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 0, 0);
}
