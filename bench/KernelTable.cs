using System.Globalization;

namespace MediaScore.Benchmarks;

/// <summary><c>--kernels</c>: kernels without a model beside the bound of each, as CPU time, which bears a busy machine; a quarter of a minute.</summary>
internal static class KernelTable
{
    private static readonly TimeSpan EachTakes = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync()
    {
        Console.WriteLine("CPU microseconds a time, over the bound, managed bytes allocated a time.");
        var opus = new OpusBenchmarks();
        await opus.SetupAsync();
        var bare = await PrintAsync("Opus, 20 ms: libopus alone", OpusBenchmarks.PacketCount, () => opus.BareLibOpus(), null);
        await PrintAsync("Opus, 20 ms: the server's decoder", OpusBenchmarks.PacketCount, () => opus.OpusPackets(), bare);
        await PrintAsync("Opus, 20 ms: managed fallback", OpusBenchmarks.PacketCount, () => opus.OpusPacketsManaged(), bare);
        opus.Cleanup();

        foreach (var bytes in (int[])[65536, 8192])
        {
            var cipher = new LogCipherBenchmarks { Bytes = bytes };
            cipher.Setup();
            bare = await PrintAsync($"{bytes} bytes: AES-256-GCM alone", 1, cipher.BareAesGcm, null);
            await PrintAsync($"{bytes} bytes: sealing a record", 1, cipher.SealRecord, bare);
            await PrintAsync($"{bytes} bytes: copying them", 1, cipher.Copy, bare);
            cipher.Cleanup();
        }

        return 0;
    }

    private static async Task<double> PrintAsync(string name, int count, Action run, double? bound)
    {
        var measured = await Measurement.OfAsync(EachTakes, count, () =>
        {
            run();
            return Task.CompletedTask;
        });
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-40}{measured.CpuMicroseconds,8:F2}{(measured.CpuMicroseconds / (bound ?? measured.CpuMicroseconds)) - 1,10:P0}{measured.Bytes,6:F0}"));
        return measured.CpuMicroseconds;
    }
}
