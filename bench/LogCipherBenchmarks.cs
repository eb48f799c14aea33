using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using MediaScore.Keys;
using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.Benchmarks;

/// <summary>Sealing one record of a recording, beside AES-256-GCM on the same bytes and beside copying them.</summary>
[MemoryDiagnoser]
public class LogCipherBenchmarks
{
    private readonly byte[] _nonce = new byte[LogRecordHeader.NonceBytes];
    private readonly AesGcm _bare = new(new byte[DataKey.SizeInBytes], LogRecordHeader.TagBytes);
    private byte[] _record = null!;
    private byte[] _copy = null!;
    private LogCipher _cipher = null!;

    /// <summary>A full chunk of a recording, and what 100 ms of one interview's media are.</summary>
    [Params(65536, 8192)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _record = new byte[Bytes];
        _copy = new byte[Bytes];
        new Random(1).NextBytes(_record);
        using var key = DataKey.CreateRandom();
        _cipher = new LogCipher(key, LogContent.Recording);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _cipher.Dispose();
        _bare.Dispose();
    }

    [Benchmark]
    public void Copy() => _record.AsSpan().CopyTo(_copy);

    [Benchmark(Baseline = true)]
    public void BareAesGcm()
    {
        var text = _record.AsSpan(LogRecordHeader.SizeInBytes..^LogRecordHeader.TagBytes);
        _bare.Encrypt(_nonce, text, text, _record.AsSpan(^LogRecordHeader.TagBytes..), _record.AsSpan(0, LogRecordHeader.AuthenticatedBytes));
    }

    [Benchmark]
    public void SealRecord() => _cipher.Encrypt(_record);
}
