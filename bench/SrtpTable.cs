using System.Globalization;

namespace MediaScore.Benchmarks;

/// <summary><c>--srtp</c>: what <see cref="SrtpBenchmarks"/> measures as CPU time, which bears a busy machine, in half a minute.</summary>
internal static class SrtpTable
{
    private const int PacketCount = 1000;

    public static async Task<int> RunAsync()
    {
        Console.WriteLine("CPU microseconds a packet, its copy included; managed bytes allocated a packet.");
        Console.WriteLine($"{"bytes",6}  {"",-28}{"µs",8}{"over bare",11}{"B",6}");
        foreach (var bytes in (int[])[1100, 120])
        {
            var benchmarks = new SrtpBenchmarks { Bytes = bytes };
            benchmarks.Setup();
            var bare = await PrintAsync(bytes, "bare AES-128-GCM", benchmarks.BareAesGcm, null);
            await PrintAsync(bytes, "AEAD_AES_128_GCM", benchmarks.UnprotectAes128Gcm, bare);
            await PrintAsync(bytes, "AES128_CM_HMAC_SHA1_80", benchmarks.UnprotectAes128CmSha1Tag80, bare);
            await PrintAsync(bytes, "forged, AEAD_AES_128_GCM", benchmarks.RefuseForgedAes128Gcm, bare);
            benchmarks.Cleanup();
        }

        return 0;
    }

    private static async Task<double> PrintAsync(int bytes, string name, Func<int> run, double? bare)
    {
        var measured = await Measurement.OfAsync(TimeSpan.FromSeconds(2), PacketCount, () =>
        {
            run();
            return Task.CompletedTask;
        });
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{bytes,6}  {name,-28}{measured.CpuMicroseconds,8:F2}{(measured.CpuMicroseconds / (bare ?? measured.CpuMicroseconds)) - 1,11:P0}{measured.Bytes,6:F0}"));
        return measured.CpuMicroseconds;
    }
}
