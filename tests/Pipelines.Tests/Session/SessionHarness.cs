using System.Buffers.Binary;
using MediaScore.Keys;
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

    public async Task<InterviewSession> OpenAsync(Modality permitted = TestSettings.Everything, TimeSpan timeLimit = default)
    {
        _keys ??= await KeyStore.OpenAsync(new KeyOptions { Folder = Path.Combine(_folder, "keys"), MasterKeyFile = Path.Combine(_folder, "master.key") });
        var services = new SessionServices
        {
            DataRoot = Path.Combine(_folder, "interviews"),
            Keys = _keys,
            Committer = _committer,
            Costs = _costs,
            Loggers = NullLoggerFactory.Instance,
        };
        return await InterviewSession.OpenAsync(TestSettings.Create(permitted: permitted, timeLimit: timeLimit, epoch: ++Epoch), services, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _committer.DisposeAsync();
        _keys?.Dispose();
        _costs.Dispose();
        Directory.Delete(_folder, recursive: true);
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
}
