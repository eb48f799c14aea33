using Google.Protobuf;
using Grpc.Core;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Tests.Support;

/// <summary>One media stream as a front-end holds it, message by message.</summary>
internal sealed class MediaCaller : IDisposable
{
    private readonly AsyncDuplexStreamingCall<ClientMessage, ServerMessage> _call;
    private ulong _audio;
    private ulong _control;

    private MediaCaller(AsyncDuplexStreamingCall<ClientMessage, ServerMessage> call) => _call = call;

    public static TrackDescription Pcm { get; } = new() { Track = Track.Audio, Codec = Codec.Pcm16, SampleRate = 16_000, Channels = 1 };

    public static TrackDescription Opus { get; } = new() { Track = Track.Audio, Codec = Codec.Opus };

    public static TrackDescription Vp8 { get; } = new() { Track = Track.Video, Codec = Codec.Vp8 };

    public Ready? Ready { get; private set; }

    public ulong NextAudio
    {
        get => _audio;
        set => _audio = value;
    }

    public ulong NextControl
    {
        get => _control;
        set => _control = value;
    }

    /// <summary>Opens a stream and sends nothing.</summary>
    public static MediaCaller Open(TestServer server) => new(server.Client.StreamMedia(cancellationToken: TestContext.Current.CancellationToken));

    /// <summary>Opens a stream, sends its start and waits for Ready.</summary>
    public static async Task<MediaCaller> StartAsync(TestServer server, CreateInterviewResponse interview, params TrackDescription[] tracks)
    {
        var caller = Open(server);
        await caller.SendStartAsync(interview.InterviewId, interview.AccessToken, tracks);
        caller.Ready = (await caller.ReadAsync()).ShouldNotBeNull().Ready.ShouldNotBeNull();
        return caller;
    }

    public Task SendStartAsync(string interviewId, string token, params TrackDescription[] tracks)
    {
        var start = new Start { InterviewId = interviewId, AccessToken = token };
        start.Tracks.AddRange(tracks);
        return SendAsync(new ClientMessage { Start = start });
    }

    public Task SendAsync(ClientMessage message) => _call.RequestStream.WriteAsync(message);

    public Task SendAudioAsync(byte[] payload, long mediaTimeUs) => SendAsync(new ClientMessage
    {
        Packet = new MediaPacket { Track = Track.Audio, Sequence = _audio++, MediaTimeUs = mediaTimeUs, Payload = ByteString.CopyFrom(payload) },
    });

    /// <summary>Silence as PCM16 at 16 kHz, 100 ms a packet.</summary>
    public async Task SendSilenceAsync(double fromSeconds, double seconds)
    {
        for (var at = fromSeconds; at < fromSeconds + seconds - 1e-9; at += 0.1)
            await SendAudioAsync(new byte[3200], (long)Math.Round(at * 1e6));
    }

    public Task SendMarkerAsync(string stage, string question, double seconds, bool begins, int attempt = 1) => SendAsync(new ClientMessage
    {
        Stage = new StageMarker
        {
            Sequence = _control++,
            MediaTimeUs = (long)(seconds * 1e6),
            StageId = stage,
            QuestionId = question,
            Attempt = attempt,
            Kind = begins ? StageMarkerKind.Begin : StageMarkerKind.End,
        },
    });

    public Task SendWrittenAsync(string stage, string question, double seconds, string text) => SendAsync(new ClientMessage
    {
        WrittenAnswer = new WrittenAnswer { Sequence = _control++, MediaTimeUs = (long)(seconds * 1e6), StageId = stage, QuestionId = question, Attempt = 1, Text = text },
    });

    public Task SendEndAsync(double seconds) => SendAsync(new ClientMessage { End = new End { Sequence = _control++, MediaTimeUs = (long)(seconds * 1e6) } });

    public Task CloseAsync() => _call.RequestStream.CompleteAsync();

    /// <returns>Null at the end of the stream.</returns>
    public async Task<ServerMessage?> ReadAsync() =>
        await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken) ? _call.ResponseStream.Current : null;

    /// <summary>Reads up to the first message of this kind.</summary>
    public async Task<ServerMessage> ReadUntilAsync(ServerMessage.MessageOneofCase kind)
    {
        while (await ReadAsync() is { } message)
        {
            if (message.MessageCase == kind)
                return message;
        }

        throw new InvalidOperationException($"The stream ended without {kind}.");
    }

    /// <summary>Reads until the media up to this time is durable.</summary>
    public async Task ReadUntilDurableAsync(double seconds)
    {
        while ((await ReadUntilAsync(ServerMessage.MessageOneofCase.Acknowledgement)).Acknowledgement.DurableUs < (long)(seconds * 1e6))
        {
        }
    }

    /// <summary>Reads to the end of a stream that must fail.</summary>
    public async Task<RpcException> ReadFaultAsync() => await Should.ThrowAsync<RpcException>(async () =>
    {
        while (await ReadAsync() is not null)
        {
        }
    });

    public void Dispose() => _call.Dispose();
}
