using MediaScore.WebRtc.Dtls;
using MediaScore.WebRtc.Rtp;
using MediaScore.WebRtc.Tests.Dtls;
using MediaScore.WebRtc.Tests.Rtp;

namespace MediaScore.WebRtc.Tests.Sessions;

[CollectionDefinition(nameof(SessionMemoryTests), DisableParallelization = true)]
public sealed class AloneBecauseMemoryIsCounted;

/// <summary>What one session holds in managed memory, at rest and at worst; the figures of the README.</summary>
[Collection(nameof(SessionMemoryTests))]
public sealed class SessionMemoryTests
{
    private const int Sessions = 40;

    [Fact]
    public void Streams_of_sound_and_pictures_without_loss_hold_a_hundred_kilobytes()
    {
        var script = PacketScript.Make(seconds: 2);

        var bytes = BytesOf(() =>
        {
            var receiver = new MediaReceiver(TestSession.Of(TestSession.Audio, TestSession.Video), new MediaReceiverOptions(), new Nobody(), 1, "cname");
            foreach (var (at, packet) in script)
                receiver.ReceiveRtp(packet, new Instant(0) + at);
            return receiver;
        });

        TestContext.Current.SendDiagnosticMessage($"streams at rest: {bytes} bytes");
        bytes.ShouldBeLessThan(110_000);
    }

    [Fact]
    public void A_peer_with_keys_cannot_make_its_streams_hold_more_than_three_megabytes()
    {
        var bytes = BytesOf(() =>
        {
            var rig = new ReceiverRig();
            rig.Audio(1, 0);
            rig.Picture(1, 0, key: true);

            // The longest picture that is taken, but for its end; then all that can wait behind a gap.
            for (var number = 2; number < 2 + (510 * 1024 / 1400); number++)
                rig.Rtp(TestSession.VideoType, number, 3000, TestSession.VideoSsrc, Long(starts: number == 2), mid: TestSession.VideoMid);
            for (var number = 500; number < 500 + 1022; number++)
                rig.Rtp(TestSession.VideoType, number, 6000, TestSession.VideoSsrc, Long(starts: false), mid: TestSession.VideoMid);
            for (var number = 3; number < 3 + 254; number++)
                rig.Rtp(TestSession.OpusType, number, (uint)number * 960, TestSession.AudioSsrc, Long(starts: false), mid: TestSession.AudioMid);
            return rig.Receiver;
        });

        TestContext.Current.SendDiagnosticMessage($"streams at worst: {bytes} bytes");
        bytes.ShouldBeInRange(1_900_000, 3_000_000);
    }

    [Fact]
    public void A_session_holds_little_beside_its_streams()
    {
        var bytes = BytesOf(() =>
        {
            var bench = new SessionBench();
            bench.Connect();
            bench.Receive(bench.Sound(), 0.3);
            return bench;
        });

        TestContext.Current.SendDiagnosticMessage($"session with sound alone, and its test peer: {bytes} bytes");
        bytes.ShouldBeLessThan(60_000);
    }

    [Fact]
    public async Task A_finished_handshake_leaves_less_than_a_hundred_kilobytes()
    {
        var pairs = new List<DtlsPair>();
        for (var i = 0; i < 3; i++)
            await AddAsync(pairs);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < 20; i++)
            await AddAsync(pairs);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 20;

        TestContext.Current.SendDiagnosticMessage($"both ends of a finished handshake: {bytes} bytes");
        pairs.ForEach(p => p.Dispose());
        bytes.ShouldBeLessThan(200_000, "both ends are here");
    }

    private static async Task AddAsync(List<DtlsPair> pairs)
    {
        var pair = new DtlsPair();
        (await pair.HandshakeAsync()).ShouldNotBeNull();
        pair.Server.State.ShouldBe(DtlsState.Connected);
        pairs.Add(pair);
    }

    // A VP8 payload of 1400 bytes (RFC 7741): its descriptor, and what may be a picture. As sound it is as good as any.
    private static byte[] Long(bool starts)
    {
        var payload = new byte[1400];
        payload.AsSpan().Fill(0x48);
        payload[0] = starts ? (byte)0x10 : (byte)0;
        payload[1] |= 1;
        return payload;
    }

    private static long BytesOf<T>(Func<T> make)
    {
        make();
        var held = new T[Sessions];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Sessions; i++)
            held[i] = make();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(held);
        return (after - before) / Sessions;
    }

    private sealed class Nobody : IRtcEvents
    {
        public void OnFrame(in EncodedFrame frame)
        {
        }

        public void OnState(RtcState state, CloseReason reason)
        {
        }
    }
}
