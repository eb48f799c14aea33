using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using MediaScore.Codecs.Opus;
using MediaScore.TestMedia;

namespace MediaScore.Benchmarks;

/// <summary>Packets of 20 ms at 24 kbit/s: the server's decoder, libopus called without anything round it, and the managed fallback.</summary>
[MemoryDiagnoser]
public class OpusBenchmarks
{
    public const int PacketCount = 250;

    private readonly float[] _samples = new float[OpusPacketDecoder.MaxSampleCount];
    private readonly OpusPacketDecoder _ours = OpusDecoderFactory.Create();
    private readonly OpusPacketDecoder _managed = OpusDecoderFactory.CreateManaged();
    private byte[][] _packets = null!;
    private nint _bare;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        var sound = SyntheticSound.Babble(seed: 1, seconds: PacketCount / 50);
        _packets = [.. (await CodedMedia.OpusAsync(sound)).Take(PacketCount).Select(packet => packet.Payload)];
        _bare = CreateDecoder(OpusPacketDecoder.SampleRate, 1, out _);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        DestroyDecoder(_bare);
        _ours.Dispose();
        _managed.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = PacketCount)]
    public int BareLibOpus()
    {
        var sampleCount = 0;
        foreach (var packet in _packets)
            sampleCount += DecodeFloat(_bare, packet, packet.Length, _samples, _samples.Length, 0);
        return sampleCount;
    }

    [Benchmark(OperationsPerInvoke = PacketCount)]
    public int OpusPackets() => Decode(_ours);

    [Benchmark(OperationsPerInvoke = PacketCount)]
    public int OpusPacketsManaged() => Decode(_managed);

    private int Decode(OpusPacketDecoder decoder)
    {
        var sampleCount = 0;
        foreach (var packet in _packets)
            sampleCount += decoder.Decode(packet, _samples).SampleCount;
        return sampleCount;
    }

    [DllImport("libopus.so.0", EntryPoint = "opus_decoder_create")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint CreateDecoder(int sampleRate, int channels, out int error);

    [DllImport("libopus.so.0", EntryPoint = "opus_decoder_destroy")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void DestroyDecoder(nint decoder);

    [DllImport("libopus.so.0", EntryPoint = "opus_decode_float")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DecodeFloat(nint decoder, byte[] packet, int packetLength, float[] pcm, int frameSize, int decodeFec);
}
