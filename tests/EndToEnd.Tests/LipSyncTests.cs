using System.Globalization;
using System.Text;
using MediaScore.Codecs.Opus;
using MediaScore.Keys;
using MediaScore.Pipelines.Frames;
using MediaScore.Recording;
using MediaScore.TestMedia;
using MediaScore.WebRtc;
using MediaScore.WebRtc.Rtcp;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.EndToEnd.Tests;

/// <summary>
/// An hour of a sender whose clocks run apart, from RTP packets through the receiver, the track's clock, the recording and the export to what FFmpeg finds in the file: each second a beep
/// and a flash that were captured together. Their packets are told apart by length; nothing has to be encoded.
/// </summary>
public sealed class LipSyncTests
{
    private const double Seconds = 3600;
    private const double AllowedMs = 40;

    // A packet's stamp is that of its first sample, and it is sent with its last one; a picture has to be encoded and paced.
    private const double AudioDelayMs = 25;
    private const double VideoDelayMs = 50;
    private const uint AudioSsrc = 1;
    private const uint VideoSsrc = 2;
    private const int BeepBytes = 40;
    private const int SoundBytes = 20;
    private const int FlashBytes = 90;
    private const int PictureBytes = 60;

    [Theory]
    [InlineData(200, -200)]
    [InlineData(-200, 200)]
    public async Task Sound_and_picture_stay_together_for_an_hour_from_the_network_to_the_exported_file(double audioPpm, double videoPpm)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        using var folder = new ScratchFolder();
        var (recorded, truths) = Receive(audioPpm, videoPpm);

        var file = await ExportAsync(folder, recorded);

        var (beeps, flashes) = await FindAsync(file);
        beeps.Count.ShouldBe(truths.Count);
        flashes.Count.ShouldBe(truths.Count);
        var worst = 0.0;
        for (var second = 0; second < truths.Count; second++)
            worst = Math.Max(worst, Math.Abs(flashes[second] - beeps[second] - truths[second]));
        worst.ShouldBeLessThan(AllowedMs);
        (beeps[^1] / 1000).ShouldBe(Seconds * (1 + audioPpm * 1e-6), 1.1);
        TestContext.Current.SendDiagnosticMessage($"{audioPpm} and {videoPpm} ppm: at worst {worst:F1} ms apart in the file.");
    }

    /// <summary>Packets as the tap records them, and for each second by how much the flash was captured later than the packet of the beep, in milliseconds.</summary>
    private static (List<RecordedPacket> Packets, List<double> Truths) Receive(double audioPpm, double videoPpm)
    {
        var tap = new Tap();
        var media = (NegotiatedMedia[])
        [
            new(MediaKind.Audio, "0", RtpCodec.Opus, 111, null, 48_000, default, RtcpFeedbackKinds.None),
            new(MediaKind.Video, "1", RtpCodec.Vp8, 96, null, 90_000, default, RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli),
        ];
        using var receiver = new MediaReceiver(
            new NegotiatedSession(new IceCredentials("a", "b"), new IceCredentials("c", "d"), [], media), new MediaReceiverOptions(), tap, 9, "cname");
        var random = new Random(8);
        var (buffer, rtcp, truths) = (new byte[200], new byte[1200], new List<double>());
        var (nextSound, nextPicture, nextAudioReport, nextVideoReport) = (0.0, 0.004, 1.0, 1.5);
        var (sounds, pictures, beepAt) = (0, 0, double.NaN);
        while (true)
        {
            var now = Math.Min(Math.Min(nextSound, nextPicture), Math.Min(nextAudioReport, nextVideoReport));
            if (now >= Seconds)
                return (tap.Packets, truths);
            if (now == nextSound)
            {
                var isBeep = sounds % 50 == 0;
                beepAt = isBeep ? now : beepAt;
                Send(111, sounds, AudioStamp(now), AudioSsrc, Sound(isBeep), now, AudioDelayMs);
                sounds++;
                nextSound = sounds * 0.02 / (1 + audioPpm * 1e-6);
            }
            else if (now == nextPicture)
            {
                var isFlash = pictures % 15 == 0;
                if (isFlash && !double.IsNaN(beepAt))
                {
                    truths.Add((now - beepAt) * 1000);
                    beepAt = double.NaN;
                }

                Send(96, pictures, VideoStamp(now), VideoSsrc, Picture(isFlash), now, VideoDelayMs);
                pictures++;

                // A picture belongs to the beep before it; pictures are taken by true time, beeps by the sound card's.
                nextPicture = pictures % 15 == 0 ? sounds / 50 * 1.0 / (1 + audioPpm * 1e-6) + 1.004 : nextPicture + 1 / 15.0;
            }
            else if (now == nextAudioReport)
            {
                Report(AudioSsrc, now, AudioStamp(now));
                nextAudioReport += 5;
            }
            else
            {
                Report(VideoSsrc, now, VideoStamp(now));
                nextVideoReport += 1;
            }
        }

        uint AudioStamp(double at) => (uint)(4_000_000_000 + (long)Math.Round(at * 48_000 * (1 + audioPpm * 1e-6)));

        uint VideoStamp(double at) => (uint)(4_290_000_000 + (long)Math.Round(at * 90_000 * (1 + videoPpm * 1e-6)));

        Instant Arrival(double at, double extraMs) => new((long)(at * 1e6 + (20 + extraMs + random.NextDouble() * 15) * 1000));

        void Send(byte type, int sequence, uint stamp, uint ssrc, byte[] payload, double at, double extraMs)
        {
            var writer = new RtpPacketWriter(buffer, type, (ushort)sequence, stamp, ssrc, marker: type == 96);
            writer.WritePayload(payload);
            var arrival = Arrival(at, extraMs);
            receiver.ReceiveRtp(buffer.AsSpan(0, writer.Length), arrival);
            receiver.Advance(arrival);
            while (receiver.WriteRtcp(rtcp, arrival) > 0)
            {
            }
        }

        void Report(uint ssrc, double at, uint stamp)
        {
            var writer = new RtcpWriter(buffer);
            writer.WriteSenderReport(ssrc, NtpTime.FromUnixMicroseconds(1_764_000_000_000_000 + (long)(at * 1e6)), stamp, 0, 0);
            receiver.ReceiveRtcp(buffer.AsSpan(0, writer.Length), Arrival(at, 0));
        }
    }

    // SILK, 20 ms.
    private static byte[] Sound(bool isBeep) => [9 << 3, .. new byte[(isBeep ? BeepBytes : SoundBytes) - 1]];

    // Descriptor, then a key frame of 640 x 480 or another one.
    private static byte[] Picture(bool isFlash)
    {
        var payload = new byte[1 + (isFlash ? FlashBytes : PictureBytes)];
        payload[0] = 0x10;
        if (isFlash)
            new byte[] { 0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01 }.CopyTo(payload, 1);
        else
            payload[1] = 0x11;
        return payload;
    }

    private static async Task<byte[]> ExportAsync(ScratchFolder folder, List<RecordedPacket> packets)
    {
        var interview = new InterviewFolder(folder.Path, "hour");
        await using (var committer = new GroupCommitter(TimeProvider.System, new GroupCommitOptions { SpacingMs = 0 }))
        {
            using var writeKey = Key();
            await using var writer = await RecordingWriter.OpenAsync(interview, writeKey, 1, committer);
            writer.DescribeTrack(new TrackFormat(TrackKind.Audio, MediaCodec.Opus, 48_000, 1));
            writer.DescribeTrack(new TrackFormat(TrackKind.Video, MediaCodec.Vp8, 0, 0));
            for (var number = 0; number < packets.Count; number++)
            {
                if (number % 5000 == 4999)
                    await writer.FlushAsync();
                await writer.AppendAsync(packets[number]);
            }
        }

        using var readKey = Key();
        using var reader = RecordingReader.Open(interview.RecordingPath, readKey);
        using var output = new MemoryStream();
        await new ClipExporter().ExportAsync(reader, range: null, ClipTracks.All, ClipFormat.WebM, output);
        return output.ToArray();
    }

    private static DataKey Key() => new([.. Enumerable.Range(0, DataKey.SizeInBytes).Select(number => (byte)number)]);

    /// <summary>Milliseconds of beeps and flashes, as FFmpeg reads the file.</summary>
    private static async Task<(List<double> Beeps, List<double> Flashes)> FindAsync(byte[] file)
    {
        // Stream, dts, pts, duration, size, checksum; milliseconds, as Matroska has them.
        var listing = Encoding.ASCII.GetString(await Ffmpeg.ConvertAsync(file, "-i pipe:0 -map 0 -c copy -copyts -f framecrc pipe:1"));
        var (beeps, flashes) = (new List<double>(), new List<double>());
        foreach (var line in listing.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var columns = line.Split(',');
            var (time, size) = (double.Parse(columns[2], CultureInfo.InvariantCulture), int.Parse(columns[4], CultureInfo.InvariantCulture));
            if (size == BeepBytes)
                beeps.Add(time);
            else if (size == FlashBytes)
                flashes.Add(time);
        }

        return (beeps, flashes);
    }

    /// <summary>Places frames as an interview's tap does.</summary>
    private sealed class Tap : IRtcEvents
    {
        private readonly TrackClock _audio = new(TrackClockOptions.Default);
        private readonly TrackClock _video = new(TrackClockOptions.Default);
        private ulong _sounds;
        private ulong _pictures;

        public List<RecordedPacket> Packets { get; } = [];

        public void OnFrame(in EncodedFrame frame)
        {
            var payload = frame.Payload.ToArray();
            if (frame.Kind == MediaKind.Audio)
            {
                OpusPacketInspector.TryInspect(payload, out var info).ShouldBeTrue();
                _sounds += (ulong)frame.LostBefore;
                Packets.Add(new RecordedPacket(TrackKind.Audio, _sounds, _audio.Place(_sounds, frame.MediaTimeUs, info.Duration).Time, KeyFrame: false, payload));
                _sounds++;
            }
            else
            {
                _pictures += (ulong)frame.LostBefore;
                Packets.Add(new RecordedPacket(TrackKind.Video, _pictures, _video.Place(_pictures, frame.MediaTimeUs, TimeSpan.Zero).Time, frame.KeyFrame, payload));
                _pictures++;
            }
        }

        public void OnState(RtcState state, CloseReason reason)
        {
        }
    }
}
