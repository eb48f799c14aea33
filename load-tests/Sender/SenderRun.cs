using MediaScore.Peers.Dtls;
using MediaScore.Peers.Running;
using MediaScore.Peers.Sessions;
using MediaScore.Peers.Sources;
using MediaScore.Peers.Whip;

namespace MediaScore.Sender;

/// <summary>One run of the program: clips, senders, what happens to them, the result.</summary>
internal sealed class SenderRun(SenderArguments arguments, TimeProvider time, TextWriter progress)
{
    // A handshake costs the server a thread for its duration and a limit an address; 100 senders are there in three seconds.
    private const int StartsAtOnce = 6;

    public async Task<RunResult> RunAsync(CancellationToken cancellationToken)
    {
        var (audio, video) = (await ReadAudioAsync(cancellationToken), await ReadVideoAsync(cancellationToken));
        using var handler = new SocketsHttpHandler();
        if (arguments.Insecure)
        {
#pragma warning disable CA5359 // The user said so: the server's certificate is one that it made itself.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        using var http = new HttpClient(handler, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(20) };
        await using var runner = new PeerRunner(new PeerRunnerOptions { AllowsRemote = arguments.AllowsRemote, MaxDuration = TimeSpan.FromSeconds(arguments.Seconds + 60) }, time);

        var identity = PeerIdentity.Create(time);
        using var gate = new SemaphoreSlim(StartsAtOnce);
        var senders = await Task.WhenAll(arguments.Links.Select((link, number) => StartAsync(runner, http, identity, link, number, audio, video, gate, cancellationToken)));
        var running = senders.Where(sender => sender.Peer is not null).Select(sender => sender.Peer!).ToList();
        await progress.WriteLineAsync($"{running.Count} of {senders.Length} senders are connected.");

        var began = time.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        if (running.Count > 0)
            await StreamAsync(running, cancellationToken);
        var seconds = time.GetElapsedTime(began).TotalSeconds;
        var cpuPercent = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / Math.Max(0.001, seconds) * 100;
        await Task.WhenAll(running.Select(peer => StopAsync(peer, CancellationToken.None)));
        var results = senders.Select(sender => sender.Result with
        {
            Statistics = sender.Peer?.Statistics,
            DatagramsLostUp = sender.Peer?.DatagramsLostUp ?? 0,
            DatagramsLostDown = sender.Peer?.DatagramsLostDown ?? 0,
            SendFailures = sender.Peer?.SendFailureCount ?? 0,
        }).ToList();
        return new RunResult(seconds, cpuPercent, runner.WorstDelay.TotalMilliseconds, results.Sum(result => result.Statistics?.DatagramsSentCount ?? 0), results);
    }

    private async Task<(RunningPeer? Peer, SenderResult Result)> StartAsync(
        PeerRunner runner, HttpClient http, PeerIdentity identity, (Uri Whip, string? Token) link, int number, MediaClip? audio, MediaClip? video, SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        var options = new SenderOptions
        {
            Audio = audio,
            Video = video,
            Transport = arguments.Transport,
            // A hundred senders do not say the same word at once.
            AudioSource = arguments.AudioSource with { StartAt = TimeSpan.FromSeconds(number * 1.7 % Math.Max(1, audio?.Duration.TotalSeconds ?? 1)) },
            VideoStartAt = TimeSpan.FromSeconds(number * 0.31 % Math.Max(1, video?.Duration.TotalSeconds ?? 1)),
            Offer = new SenderOfferOptions
            {
                AudioNack = arguments.AudioNack,
                Dtx = arguments.AudioSource.Dtx,
                Rtx = arguments.Rtx,
                OffersH264 = video?.Codec != WebRtc.RtpCodec.Vp8,
                OffersVp8 = video?.Codec != WebRtc.RtpCodec.H264,
            },
        };
        await gate.WaitAsync(cancellationToken);
        var began = time.GetTimestamp();
        try
        {
            var start = await runner.StartAsync(options, identity, new WhipClient(http, link.Whip, link.Token), arguments.PeerNetwork(number), null, cancellationToken);
            var result = new SenderResult(link.Whip.GetLeftPart(UriPartial.Path), start.Error, null, null, 0, 0, 0);
            if (start.Peer is not { } peer)
                return (null, result);
            await peer.Connected.WaitAsync(TimeSpan.FromSeconds(30), time, cancellationToken);
            return (peer, result with { ConnectMs = time.GetElapsedTime(began).TotalMilliseconds });
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException)
        {
            return (null, new SenderResult(link.Whip.GetLeftPart(UriPartial.Path), error.Message, null, null, 0, 0, 0));
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task StreamAsync(List<RunningPeer> running, CancellationToken cancellationToken)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        for (var now = 0; now < arguments.Seconds; now++)
        {
            foreach (var peer in running)
                HappenAt(peer, now);
            try
            {
                if (!await second.WaitForNextTickAsync(cancellationToken))
                    return;
            }
            catch (OperationCanceledException)
            {
                return; // Interrupted by the user: say goodbye and show what there is.
            }

            var sent = running.Sum(peer => peer.Statistics.DatagramsSentCount);
            var states = string.Join(", ", running.GroupBy(peer => peer.Statistics.State).Select(group => $"{group.Count()} {group.Key}"));
            await progress.WriteLineAsync($"{now + 1,4} s  {states}  {sent} datagrams, {running.Sum(peer => peer.Statistics.RetransmittedCount)} sent again, {running.Sum(peer => peer.Statistics.PliCount)} key frames asked");
        }
    }

    private void HappenAt(RunningPeer peer, int second)
    {
        if (second == arguments.RebindSecond)
            peer.ChangeAddress(noticed: false);
        if (second == arguments.RoamSecond)
            peer.ChangeAddress(noticed: true);
        if (second == arguments.RestartSecond)
            _ = peer.RestartIceAsync();
        if (arguments.Mute is { } mute && second == (int)mute.Start.TotalSeconds)
            peer.MuteAudio(MuteKind.Silence);
        if (arguments.Mute is { } end && second == (int)(end.Start + end.Length).TotalSeconds)
            peer.MuteAudio(MuteKind.None);
    }

    private static async Task StopAsync(RunningPeer peer, CancellationToken cancellationToken)
    {
        try
        {
            await peer.StopAsync(cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            // The server is gone already: nothing left to tell it.
        }
    }

    private async Task<MediaClip?> ReadAudioAsync(CancellationToken cancellationToken)
    {
        if (arguments.Audio is not { } path)
            return null;
        if (!path.EndsWith(".ogg", StringComparison.OrdinalIgnoreCase) && !path.EndsWith(".opus", StringComparison.OrdinalIgnoreCase))
        {
            var input = path == "synthetic" ? ClipEncoder.SyntheticSound(TimeSpan.FromSeconds(20)) : ["-i", path];
            path = await new ClipEncoder().OpusAsync(input, cancellationToken: cancellationToken);
        }

        return await MediaClip.ReadOpusAsync(path, cancellationToken);
    }

    private async Task<MediaClip?> ReadVideoAsync(CancellationToken cancellationToken)
    {
        if (arguments.Video is not { } path)
            return null;
        if (path.EndsWith(".ivf", StringComparison.OrdinalIgnoreCase))
            return await MediaClip.ReadVp8Async(path, cancellationToken);
        if (path.EndsWith(".h264", StringComparison.OrdinalIgnoreCase))
            return await MediaClip.ReadH264Async(path, arguments.FramesPerSecond, cancellationToken);
        var encoder = new ClipEncoder();
        var input = path == "synthetic" ? ClipEncoder.SyntheticPicture(TimeSpan.FromSeconds(20), arguments.FramesPerSecond) : ["-i", path];
        return arguments.H264
            ? await MediaClip.ReadH264Async(await encoder.H264Async(input, arguments.FramesPerSecond, cancellationToken: cancellationToken), arguments.FramesPerSecond, cancellationToken)
            : await MediaClip.ReadVp8Async(await encoder.Vp8Async(input, arguments.FramesPerSecond, cancellationToken: cancellationToken), cancellationToken);
    }
}
