using Google.Protobuf;
using Grpc.Core;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Tests.Ingress;

public sealed class StreamRuleTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task The_first_message_must_be_the_start()
    {
        var server = shared.Require();
        using var caller = MediaCaller.Open(server);

        await caller.SendAudioAsync(new byte[3200], 0);
        var fault = await caller.ReadFaultAsync();

        fault.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        fault.Status.Detail.ShouldContain("first message is Packet");
    }

    [Fact]
    public async Task A_second_start_is_refused()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        using var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);

        await caller.SendStartAsync(interview.InterviewId, interview.AccessToken, MediaCaller.Pcm);
        var fault = await caller.ReadFaultAsync();

        fault.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        fault.Status.Detail.ShouldContain("second start");
    }

    [Fact]
    public async Task An_unknown_interview_and_a_wrong_secret_are_told_apart()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        using var nobody = MediaCaller.Open(server);
        using var stranger = MediaCaller.Open(server);

        await nobody.SendStartAsync("nobody", interview.AccessToken, MediaCaller.Pcm);
        await stranger.SendStartAsync(interview.InterviewId, new string('A', 43), MediaCaller.Pcm);

        (await nobody.ReadFaultAsync()).StatusCode.ShouldBe(StatusCode.NotFound);
        (await stranger.ReadFaultAsync()).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task A_codec_that_nobody_knows_is_unimplemented()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        using var caller = MediaCaller.Open(server);

        await caller.SendStartAsync(interview.InterviewId, interview.AccessToken, new TrackDescription { Track = Track.Video, Codec = (Codec)42 });
        var fault = await caller.ReadFaultAsync();

        fault.StatusCode.ShouldBe(StatusCode.Unimplemented);
        fault.Status.Detail.ShouldContain("start.tracks[0].codec is 42");
    }

    [Fact]
    public async Task Every_fault_of_the_tracks_is_named_in_one_answer()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        using var caller = MediaCaller.Open(server);

        await caller.SendStartAsync(
            interview.InterviewId, interview.AccessToken,
            new TrackDescription { Track = Track.Audio, Codec = Codec.Vp8 },
            new TrackDescription { Track = Track.Audio, Codec = Codec.Pcm16, SampleRate = 4000, Channels = 9 },
            new TrackDescription { Track = Track.Control, Codec = Codec.Opus });
        var fault = await caller.ReadFaultAsync();

        fault.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        foreach (var words in new[] { "tracks[0].codec is Vp8", "a second time", "sample_rate 4000 and channels 9", "tracks[2].track is Control" })
            fault.Status.Detail.ShouldContain(words);
    }

    public static TheoryData<string, ClientMessage, string> BadMessages => new()
    {
        { "unknown track", Packet((Track)17, new byte[100]), "packet.track is 17" },
        { "track that was not described", Packet(Track.Video, new byte[100]), "did not describe" },
        { "empty payload", Packet(Track.Audio, []), "is empty" },
        { "negative time", Packet(Track.Audio, new byte[100], -1), "packet.media_time_us" },
        { "half a sample", Packet(Track.Audio, new byte[101]), "no whole number of 1-channel" },
        { "too long PCM", Packet(Track.Audio, new byte[6402]), "the limit is 200 ms" },
        { "empty message", new ClientMessage(), "none of packet" },
        { "marker without kind", Marker("late-dish", "late-dish-response", StageMarkerKind.Unspecified), "stage.kind" },
        { "marker of no stage", Marker("nowhere", "late-dish-response", StageMarkerKind.Begin), "no stage 'nowhere'" },
        { "marker of no question", Marker("late-dish", "nothing", StageMarkerKind.Begin), "no question 'nothing'" },
        { "third take", Marker("late-dish", "late-dish-response", StageMarkerKind.Begin, 3), "take of 'late-dish-response' is 1, not 3" },
        { "written answer to a spoken question", Written("late-dish", "late-dish-response", "text"), "not in writing" },
        { "text too long", Written("weekend-promotion", "weekend-promotion-plan", new string('x', 20_001)), "20001 characters; the limit is 20000" },
    };

    [Theory]
    [MemberData(nameof(BadMessages))]
    public async Task A_message_against_the_rules_ends_the_stream_with_its_number_the_field_and_the_limit(string what, ClientMessage message, string words)
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        using var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);

        await caller.SendAsync(message);
        var fault = await caller.ReadFaultAsync();

        fault.StatusCode.ShouldBe(StatusCode.InvalidArgument, what);
        fault.Status.Detail.ShouldContain("Message 2");
        fault.Status.Detail.ShouldContain(words);
    }

    [Fact]
    public async Task A_picture_over_512_KiB_is_refused()
    {
        var server = shared.Require();
        using var caller = await MediaCaller.StartAsync(server, await server.CreateAsync(), MediaCaller.Vp8);

        await caller.SendAsync(Packet(Track.Video, new byte[(512 << 10) + 1]));
        var fault = await caller.ReadFaultAsync();

        fault.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        fault.Status.Detail.ShouldContain("524289 bytes; the limit is 524288");
    }

    [Fact]
    public async Task A_message_over_one_MiB_is_refused()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        using var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Vp8);

        // The server stops reading in the middle of it: whether the sending side gets rid of the rest before it is told, is chance. The status is on the reading side.
        var sending = caller.SendAsync(Packet(Track.Video, new byte[(1 << 20) + 1]));
        var fault = await caller.ReadFaultAsync();
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        fault.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        fault.Status.Detail.ShouldContain("Message 2 is too large; the limit is 1048576 bytes");
    }

    [Fact]
    public async Task A_refused_marker_is_refused_again_when_it_comes_again_under_its_number()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        // The second take of an answer that has had no first: within the plan's allowance, against its order.
        var marker = Marker("late-dish", "late-dish-response", StageMarkerKind.Begin, 2);

        foreach (var attempt in new[] { "first", "resent" })
        {
            using var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
            await caller.SendAsync(marker);
            var fault = await caller.ReadFaultAsync();

            fault.StatusCode.ShouldBe(StatusCode.InvalidArgument, attempt);
            fault.Status.Detail.ShouldContain("is 1, not 2");
        }
    }

    [Fact]
    public async Task A_message_that_quotes_a_huge_field_still_fits_in_what_clients_take_of_a_trailer()
    {
        var server = shared.Require();

        var fault = await Should.ThrowAsync<RpcException>(() => server.CreateAsync(r => r.Tenant = new string('面', 100_000)));

        fault.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        fault.Status.Detail.ShouldStartWith("tenant is '面面");
        fault.Status.Detail.ShouldEndWith("(cut)");
        Uri.EscapeDataString(fault.Status.Detail).Length.ShouldBeLessThanOrEqualTo(5_000);
    }

    [Fact]
    public async Task A_clock_that_jumps_back_and_packets_out_of_order_or_doubled_are_taken_and_said()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        using var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);

        foreach (var (sequence, atMs) in new[] { (0UL, 0L), (2UL, 200L), (1UL, 100L), (2UL, 200L), (3UL, 300L) })
            await caller.SendAsync(Numbered(sequence, atMs));
        for (var sequence = 4UL; sequence < 8; sequence++)
            await caller.SendAsync(Numbered(sequence, (long)(sequence - 4) * 100));
        var warning = (await caller.ReadUntilAsync(ServerMessage.MessageOneofCase.Warning)).Warning;
        await caller.SendEndAsync(0.8);
        await caller.ReadUntilAsync(ServerMessage.MessageOneofCase.ReportReady);
        var state = await server.Client.GetInterviewAsync(new GetInterviewRequest { InterviewId = interview.InterviewId, AccessToken = interview.AccessToken });

        warning.Kind.ShouldBe(WarningKind.ClockJumped);
        warning.Message.ShouldNotBeEmpty();
        state.State.ShouldBe(InterviewState.ReportReady);
    }

    [Fact]
    public async Task Bytes_that_are_no_message_are_refused()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        var start = new ClientMessage { Start = new Start { InterviewId = interview.InterviewId, AccessToken = interview.AccessToken, Tracks = { MediaCaller.Pcm } } };
        var bytes = new Marshaller<byte[]>(b => b, b => b);
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, "mediascore.interview.v1.InterviewService", "StreamMedia", bytes, bytes);
        using var call = server.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, new CallOptions());

        await call.RequestStream.WriteAsync(start.ToByteArray());
        await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync([0xFF, 0xFF, 0xFF, 0xFF, 0x00]);
        var fault = await Should.ThrowAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            {
            }
        });

        fault.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        fault.Status.Detail.ShouldContain("Message 2");
    }

    [Fact]
    public async Task A_second_connection_takes_the_interview_over_and_the_first_is_told()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        using var first = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
        await first.SendSilenceAsync(0, 0.5);
        await first.ReadUntilDurableAsync(0.4);

        using var second = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
        var fault = await first.ReadFaultAsync();

        fault.StatusCode.ShouldBe(StatusCode.Aborted);
        second.Ready!.Resumed.ShouldBeTrue();
        second.Ready.ResumeAt.ShouldContain(p => p.Track == Track.Audio && p.NextSequence == 5);
    }

    [Fact]
    public async Task A_track_cannot_change_its_codec_in_the_middle_of_an_interview()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        using (var first = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm))
            await first.SendSilenceAsync(0, 0.1);
        using var second = MediaCaller.Open(server);

        await second.SendStartAsync(interview.InterviewId, interview.AccessToken, MediaCaller.Opus);
        var fault = await second.ReadFaultAsync();

        fault.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        fault.Status.Detail.ShouldContain("Opus");
    }

    [Fact]
    public async Task A_client_that_falls_silent_is_closed_and_may_come_back()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("Streams:ReadIdleSeconds", "1"));
        var interview = await server.CreateAsync();
        using var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
        using var mute = MediaCaller.Open(server);

        var fault = await caller.ReadFaultAsync();
        var never = await mute.ReadFaultAsync();
        using var again = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);

        fault.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        never.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        again.Ready.ShouldNotBeNull();
    }

    private static ClientMessage Packet(Track track, byte[] payload, long mediaTimeUs = 0) => new()
    {
        Packet = new MediaPacket { Track = track, MediaTimeUs = mediaTimeUs, Payload = ByteString.CopyFrom(payload) },
    };

    private static ClientMessage Numbered(ulong sequence, long atMs) => new()
    {
        Packet = new MediaPacket { Track = Track.Audio, Sequence = sequence, MediaTimeUs = atMs * 1000, Payload = ByteString.CopyFrom(new byte[3200]) },
    };

    private static ClientMessage Marker(string stage, string question, StageMarkerKind kind, int attempt = 1) => new()
    {
        Stage = new StageMarker { StageId = stage, QuestionId = question, Attempt = attempt, Kind = kind },
    };

    private static ClientMessage Written(string stage, string question, string text) => new()
    {
        WrittenAnswer = new WrittenAnswer { StageId = stage, QuestionId = question, Attempt = 1, Text = text },
    };
}
