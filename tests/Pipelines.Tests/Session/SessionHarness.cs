using System.Buffers.Binary;
using MediaScore.Keys;
using MediaScore.Perception.Speech;
using MediaScore.Pipelines.Audio;
using MediaScore.Pipelines.FinalPass;
using MediaScore.Pipelines.Session;
using MediaScore.Recording;
using MediaScore.Timeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Pipelines.Tests.Session;

/// <summary>Real keys, recording and timeline in a folder of its own; no models, so only what the session itself says is in the timeline.</summary>
internal sealed class SessionHarness : IAsyncDisposable
{
    public static readonly TrackFormat Pcm = new(TrackKind.Audio, MediaCodec.Pcm16, 16_000, 1);
    public static readonly TrackFormat Vp8 = new(TrackKind.Video, MediaCodec.Vp8, 0, 0);

    private readonly string _folder = Directory.CreateTempSubdirectory("mediascore-session-").FullName;
    private readonly GroupCommitter _committer = new(TimeProvider.System);
    private readonly PipelineCosts _costs = new(TimeProvider.System);
    private KeyStore? _keys;

    public ulong Epoch { get; private set; }

    public string InterviewFolder => Path.Combine(_folder, "interviews", "interview-1");

    private InterviewFolder Folder => new(Path.Combine(_folder, "interviews"), "interview-1");

    /// <summary>Null: sound is recorded and not analysed.</summary>
    public VoiceActivityDetector? VoiceActivity { get; init; }

    /// <summary>This and those below hold for the next session.</summary>
    public ISpeechRecognizer? Recognizer { get; set; }

    /// <summary>The sessions' clock; acknowledgements keep to it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The larger one.</summary>
    public ISpeechRecognizer? Refiner { get; set; }

    public FinalPassQueue? FinalPasses { get; set; }

    public AudioPipelineOptions AudioOptions { get; } = new();

    public async Task<InterviewSession> OpenAsync(
        Modality permitted = TestSettings.Everything, TimeSpan timeLimit = default, string tier = SpeechRecognizers.DefaultTier)
    {
        var keys = await OpenKeysAsync();
        var services = new SessionServices
        {
            DataRoot = Path.Combine(_folder, "interviews"),
            Keys = keys,
            Committer = _committer,
            Costs = _costs,
            VoiceActivity = VoiceActivity,
            Recognizers = Recognizer is null ? null : new SpeechRecognizers(
                new[] { (SpeechRecognizers.DefaultTier, Recognizer), (SpeechRecognizers.AccurateTier, Refiner) }.Where(r => r.Item2 is not null).Select(r => (r.Item1, r.Item2!))),
            FinalPasses = FinalPasses,
            AudioOptions = AudioOptions,
            Time = Time,
            Loggers = NullLoggerFactory.Instance,
        };
        return await InterviewSession.OpenAsync(TestSettings.Create(permitted: permitted, timeLimit: timeLimit, epoch: ++Epoch) with { RecognizerTier = tier }, services, CancellationToken.None);
    }

    /// <summary>Opens the recording as a process would that died before it was done.</summary>
    public async Task<RecordingWriter> OpenRecordingAsync()
    {
        using var key = (await OpenKeysAsync()).TryGet("interview-1")!;
        return await RecordingWriter.OpenAsync(Folder, key, ++Epoch, _committer);
    }

    public async Task<TimelineLog> OpenTimelineAsync()
    {
        using var key = (await OpenKeysAsync()).TryGet("interview-1")!;
        return await TimelineLog.OpenAsync(Folder, key, ++Epoch, _committer);
    }

    public async ValueTask DisposeAsync()
    {
        await _committer.DisposeAsync();
        _keys?.Dispose();
        _costs.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>20 ms of the sound.</summary>
    public static IncomingPacket Audio(ulong sequence, ReadOnlySpan<float> samples)
    {
        var payload = new byte[2 * samples.Length];
        for (var i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(payload.AsSpan(2 * i), (short)Math.Clamp(samples[i] * 32_768, short.MinValue, short.MaxValue));
        return new IncomingPacket(TrackKind.Audio, sequence, (long)sequence * 20_000, KeyFrame: false, payload);
    }

    /// <summary>20 ms of a quiet tone.</summary>
    public static IncomingPacket Audio(ulong sequence, long? mediaTimeUs = null)
    {
        var payload = new byte[640];
        for (var i = 0; i < 320; i++)
            BinaryPrimitives.WriteInt16LittleEndian(payload.AsSpan(2 * i), (short)(1000 * Math.Sin((i + 320.0 * sequence) / 8)));
        return new IncomingPacket(TrackKind.Audio, sequence, mediaTimeUs ?? (long)sequence * 20_000, KeyFrame: false, payload);
    }

    public static async Task<T> NextAsync<T>(MediaConnection connection, Func<T, bool>? matches = null)
        where T : SessionEvent
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await foreach (var told in connection.Events.ReadAllAsync(limit.Token))
            {
                if (told is T wanted && matches?.Invoke(wanted) != false)
                    return wanted;
            }
        }
        catch (OperationCanceledException)
        {
            // Said below, with the name of what is missing.
        }

        throw new TimeoutException($"No {typeof(T).Name} came from the session within 20 s.");
    }

    /// <summary>As whoever erases an interview does.</summary>
    public async Task<bool> DestroyKeyAsync() => (await OpenKeysAsync()).Destroy("interview-1");

    public async Task<bool> HasKeyAsync()
    {
        using var key = (await OpenKeysAsync()).TryGet("interview-1");
        return key is not null;
    }

    /// <summary>The key is made with the interview, once.</summary>
    private async Task<KeyStore> OpenKeysAsync()
    {
        if (_keys is not null)
            return _keys;
        _keys = await KeyStore.OpenAsync(new KeyOptions { Folder = Path.Combine(_folder, "keys"), MasterKeyFile = Path.Combine(_folder, "master.key") });
        _keys.GetOrCreate("interview-1").Dispose();
        return _keys;
    }
}
