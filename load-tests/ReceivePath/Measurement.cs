using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MediaScore.WebRtc;
using MediaScore.WebRtc.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.ReceivePath;

/// <summary>One run: bare receive, the whole path, bare receive again (the machine may change meanwhile), bare AES-GCM.</summary>
internal sealed class Measurement(Arguments arguments, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    // The compiler is done with the last of its tiers: it measures each method on its way there.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    public async Task<ReceivePathResult> RunAsync()
    {
        var path = arguments.Record ?? Path.Combine(Path.GetTempPath(), $"receive-path-{Environment.ProcessId}.frames");
        await using var recorder = new FrameRecorder(path);
        await using var loop = RtcLoop.Start(new RtcOptions { UdpPort = 0, TcpPort = -1 }, time, NullLoggerFactory.Instance);
        await using var whip = new WhipStub(loop, recorder, FreePort());
        using var sender = StartSender(whip.Address);
        try
        {
            var (before, quietBefore) = await BareAsync(sender);
            await AskAsync(sender, "senders");
            await Task.Delay(WarmUp, time);
            var result = await WholeAsync(sender, loop, recorder, whip);
            await sender.StandardInput.WriteLineAsync("quit");
            await sender.WaitForExitAsync();
            using var again = StartSender(whip.Address);
            var (after, quietAfter) = await BareAsync(again);
            await again.StandardInput.WriteLineAsync("quit");
            await again.WaitForExitAsync();
            var (paced, tight) = Gcm();
            return result with { BareReceiveUs = (before + after) / 2, QuietBareReceiveUs = Math.Min(quietBefore, quietAfter), BareGcmUs = paced, TightGcmUs = tight };
        }
        finally
        {
            if (!sender.HasExited)
                sender.Kill();
            if (arguments.Record is null)
                File.Delete(path);
        }
    }

    private async Task<ReceivePathResult> WholeAsync(Process sender, RtcLoop loop, FrameRecorder recorder, WhipStub whip)
    {
        using var process = Process.GetCurrentProcess();
        var first = loop.Snapshot();
        var lostBefore = Lost(whip);
        var frames = recorder.FrameCount;
        var notRecorded = recorder.DroppedCount;
        var processCpu = process.TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var start = time.GetTimestamp();
        using var stop = new CancellationTokenSource();
        var ours = new CpuSamples("webrtc", () => loop.Snapshot().DatagramCount, time);
        var recorders = new CpuSamples(FrameRecorder.ThreadName, () => loop.Snapshot().DatagramCount, time);
        var sampling = Task.WhenAll(ours.RunAsync(stop.Token), recorders.RunAsync(stop.Token));
        long flooded = 0;
        if (arguments.FloodPerSecond > 0)
            flooded = await AskAsync(sender, string.Create(CultureInfo.InvariantCulture, $"flood {loop.UdpEndPoints[0].Port} {arguments.FloodPerSecond} {arguments.Seconds}"));
        else
            await Task.Delay(TimeSpan.FromSeconds(arguments.Seconds), time);
        await stop.CancelAsync();
        await sampling;
        process.Refresh();
        var last = loop.Snapshot();
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        var statistics = whip.Connections.Select(c => c.Statistics).ToList();
        return new ReceivePathResult
        {
            Senders = arguments.Senders,
            Seconds = seconds,
            Datagrams = last.DatagramCount - first.DatagramCount,
            Unknown = last.UnknownCount - first.UnknownCount,
            Flooded = flooded,
            Frames = recorder.FrameCount - frames,
            LoopCpuSeconds = ours.Cpu.TotalSeconds,
            RecorderCpuSeconds = recorders.Cpu.TotalSeconds,
            QuietLoopUs = ours.QuietUs,
            QuietRecorderUs = recorders.QuietUs,
            ProcessCpuSeconds = (process.TotalProcessorTime - processCpu).TotalSeconds,
            AllocatedBytes = GC.GetTotalAllocatedBytes() - allocated,
            KernelDrops = (last.KernelDropCount ?? 0) - (first.KernelDropCount ?? 0),
            FramesNotRecorded = recorder.DroppedCount - notRecorded,
            PacketsLost = Lost(whip) - lostBefore,
            AuthenticationFailures = statistics.Sum(s => s.AuthenticationFailureCount),
            Connected = statistics.Count(s => s.State == RtcState.Connected),
        };
    }

    private async Task<(double MeanUs, double QuietUs)> BareAsync(Process sender)
    {
        using var bare = new BareReceive();
        using var stop = new CancellationTokenSource();
        var samples = new CpuSamples(BareReceive.ThreadName, () => bare.Count, time);
        var sampling = samples.RunAsync(stop.Token);
        await AskAsync(sender, string.Create(CultureInfo.InvariantCulture, $"bare {bare.Port} {Math.Max(2, arguments.Seconds / 2)}"));
        await stop.CancelAsync();
        await sampling;
        return (samples.MeanUs, samples.QuietUs);
    }

    private static long Lost(WhipStub whip) => whip.Connections.Sum(c => (c.Statistics.Audio?.LostCount ?? 0) + (c.Statistics.Video?.LostCount ?? 0));

    private (double PacedUs, double TightUs) Gcm()
    {
        using var gcm = new BareGcm(arguments.Senders, BareSender.Sizes, time);
        gcm.Run(TimeSpan.FromSeconds(1), 0);
        return (gcm.Run(TimeSpan.FromSeconds(Math.Max(2, arguments.Seconds / 2)), arguments.Senders * 150), gcm.Run(TimeSpan.FromSeconds(2), 0));
    }

    private Process StartSender(Uri whip)
    {
        var program = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            program.ArgumentList.Add(typeof(Measurement).Assembly.Location);
        foreach (var word in (string[])["--send-to", whip.AbsoluteUri, "--senders", arguments.Senders.ToString(CultureInfo.InvariantCulture), "--profile", arguments.Profile.ToString(CultureInfo.InvariantCulture)])
            program.ArgumentList.Add(word);
        return Process.Start(program)!;
    }

    private async Task<long> AskAsync(Process sender, string line)
    {
        await sender.StandardInput.WriteLineAsync(line);
        var answer = await sender.StandardOutput.ReadLineAsync().WaitAsync(Patience, time);
        return answer?.Split(' ') is ["done", var number]
            ? long.Parse(number, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The sending process failed at '{line}'.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
