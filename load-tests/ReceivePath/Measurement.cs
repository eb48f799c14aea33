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
            var before = await BareAsync(sender);
            await AskAsync(sender, "senders");
            await Task.Delay(WarmUp, time);
            var result = await WholeAsync(sender, loop, recorder, whip);
            await sender.StandardInput.WriteLineAsync("quit");
            await sender.WaitForExitAsync();
            using var again = StartSender(whip.Address);
            var after = await BareAsync(again);
            await again.StandardInput.WriteLineAsync("quit");
            await again.WaitForExitAsync();
            var gcm = Gcm();
            return result with { BareReceiveUs = (before + after) / 2, BareReceiveBeforeUs = before, BareReceiveAfterUs = after, BareGcmUs = gcm };
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
        var frames = recorder.FrameCount;
        var loopCpu = ThreadCpu.Read("webrtc");
        var recorderCpu = ThreadCpu.Read(FrameRecorder.ThreadName);
        var processCpu = process.TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var start = time.GetTimestamp();
        long flooded = 0;
        if (arguments.FloodPerSecond > 0)
            flooded = await AskAsync(sender, string.Create(CultureInfo.InvariantCulture, $"flood {loop.UdpEndPoints[0].Port} {arguments.FloodPerSecond} {arguments.Seconds}"));
        else
            await Task.Delay(TimeSpan.FromSeconds(arguments.Seconds), time);
        loopCpu = ThreadCpu.Read("webrtc") - loopCpu;
        recorderCpu = ThreadCpu.Read(FrameRecorder.ThreadName) - recorderCpu;
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
            LoopCpuSeconds = loopCpu.TotalSeconds,
            RecorderCpuSeconds = recorderCpu.TotalSeconds,
            ProcessCpuSeconds = (process.TotalProcessorTime - processCpu).TotalSeconds,
            AllocatedBytes = GC.GetTotalAllocatedBytes() - allocated,
            KernelDrops = last.KernelDropCount ?? 0,
            FramesNotRecorded = recorder.DroppedCount,
            PacketsLost = statistics.Sum(s => (s.Audio?.LostCount ?? 0) + (s.Video?.LostCount ?? 0)),
            AuthenticationFailures = statistics.Sum(s => s.AuthenticationFailureCount),
            Connected = statistics.Count(s => s.State == RtcState.Connected),
        };
    }

    private async Task<double> BareAsync(Process sender)
    {
        using var bare = new BareReceive();
        var cpu = ThreadCpu.Read(BareReceive.ThreadName);
        await AskAsync(sender, string.Create(CultureInfo.InvariantCulture, $"bare {bare.Port} {Math.Max(2, arguments.Seconds / 2)}"));
        return (ThreadCpu.Read(BareReceive.ThreadName) - cpu).TotalMicroseconds / bare.Count;
    }

    private double Gcm()
    {
        var cpu = TimeSpan.Zero;
        BareGcm.Run(TimeSpan.FromMilliseconds(300), arguments.Senders, BareSender.Sizes, time, () => { });
        var count = BareGcm.Run(TimeSpan.FromSeconds(2), arguments.Senders, BareSender.Sizes, time, () => cpu = ThreadCpu.Read(BareGcm.ThreadName));
        return cpu.TotalMicroseconds / count;
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
