using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using MediaScore.MediaServer.Configuration;

namespace MediaScore.MediaServer.Diagnosis;

/// <summary>Looks at everything an interview needs of this machine, in the order in which people mend it.</summary>
internal sealed class Examination(IConfiguration configuration, TimeProvider time)
{
    public async IAsyncEnumerable<Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var server = MediaScoreSettings.Get<ServerOptions>(configuration, ServerOptions.Section);
        var admission = MediaScoreSettings.Get<AdmissionOptions>(configuration, AdmissionOptions.Section);
        var dataFolder = MediaScoreHome.Resolve(server.DataFolder);

        yield return Cpu(CpuFlags.Read());
        yield return new Finding("runtime", FindingVerdict.Good, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        foreach (var finding in await NativeParts.ExamineAsync(cancellation))
            yield return finding;
        yield return ModelsExamination.Examine(configuration);
        yield return Disk(dataFolder, admission.MinFreeDiskMiB);
        yield return await Task.Run(() => Fsync(dataFolder, cancellation), cancellation);
        yield return Port("port-http", server.Address, server.HttpPort, "Server:HttpPort");
        yield return Port("port-grpc", server.Address, server.GrpcPort, "Server:GrpcPort");
    }

    private static Finding Cpu(CpuFlags cpu)
    {
        var facts = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["model"] = cpu.Model,
            ["cores"] = cpu.Cores,
            ["avx2"] = cpu.Avx2,
            ["avx512f"] = cpu.Avx512,
            ["avx512_vnni"] = cpu.Avx512Vnni,
            ["avx_vnni"] = cpu.AvxVnni,
        };
        var value = $"{cpu.Model}, {cpu.Cores} cores, {cpu.Names}";
        if (!cpu.Avx2 && RuntimeInformation.ProcessArchitecture is Architecture.X64)
            return new Finding("cpu", FindingVerdict.Note, value, "Without AVX2 speech runs several times slower than live; use a newer machine.", facts);
        return cpu.HasVnni
            ? new Finding("cpu", FindingVerdict.Good, value, Facts: facts)
            : new Finding("cpu", FindingVerdict.Note, value, "No VNNI: int8 models take about twice the time; plan for half the interviews.", facts);
    }

    private static Finding Disk(string dataFolder, int minFreeMiB)
    {
        Directory.CreateDirectory(dataFolder);
        var freeMiB = DiskSpace.FreeMiB(dataFolder);
        var facts = new Dictionary<string, object>(StringComparer.Ordinal) { ["folder"] = dataFolder, ["freeMiB"] = freeMiB };
        var value = $"{freeMiB / 1024.0:0.0} GiB free at {dataFolder}";
        return freeMiB >= minFreeMiB
            ? new Finding("disk", FindingVerdict.Good, value, Facts: facts)
            : new Finding("disk", FindingVerdict.Fault, value, $"New interviews are refused under {minFreeMiB} MiB (Admission:MinFreeDiskMiB): free some space or name another folder (Server:DataFolder).", facts);
    }

    private Finding Fsync(string dataFolder, CancellationToken cancellation)
    {
        var (median, longest) = FsyncTimer.Measure(dataFolder, time, cancellation);
        var facts = new Dictionary<string, object>(StringComparer.Ordinal) { ["medianMs"] = Math.Round(median.TotalMilliseconds, 2), ["longestMs"] = Math.Round(longest.TotalMilliseconds, 2) };
        var value = $"median {median.TotalMilliseconds:0.0} ms, longest {longest.TotalMilliseconds:0.0} ms";
        // One flush serves all interviews, at most every 50 ms: a disk slower than that makes captions late.
        return median < TimeSpan.FromMilliseconds(50)
            ? new Finding("fsync", FindingVerdict.Good, value, Facts: facts)
            : new Finding("fsync", FindingVerdict.Note, value, "Slow: captions and acknowledgements will lag. Put Server:DataFolder on a local SSD.", facts);
    }

    private static Finding Port(string name, string address, int port, string setting)
    {
        var facts = new Dictionary<string, object>(StringComparer.Ordinal) { ["address"] = address, ["port"] = port };
        try
        {
            using var listener = new TcpListener(IPAddress.Parse(address), port);
            listener.Start();
            return new Finding(name, FindingVerdict.Good, $"{address}:{port} is free", Facts: facts);
        }
        catch (SocketException e)
        {
            return new Finding(name, FindingVerdict.Note, $"{address}:{port}: {e.SocketErrorCode}", $"A server may be running there already; else choose another port ({setting}).", facts);
        }
    }
}
