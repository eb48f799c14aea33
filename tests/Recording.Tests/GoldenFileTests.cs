using MediaScore.Recording.Tests.Support;
using MediaScore.Timeline;

namespace MediaScore.Recording.Tests;

/// <summary>Files written by version 1 of the formats, with <see cref="TemporaryFolder.Key"/>: every later version has to read them.</summary>
public sealed class GoldenFileTests
{
    [Fact]
    public void A_recording_of_version_1_is_read()
    {
        using var key = TemporaryFolder.Key();
        using var reader = RecordingReader.Open(Golden("recording-v1.msrec"), key);

        var entries = reader.ReadAll().ToList();

        entries.Where(entry => !entry.IsPacket).Select(entry => entry.Format).ShouldBe([Packets.Opus, Packets.Vp8]);
        entries.Where(entry => entry.IsPacket)
            .Select(entry => (entry.Packet.Track, entry.Packet.Sequence, entry.Packet.Time.Microseconds, entry.Packet.KeyFrame, Convert.ToHexString(entry.Packet.Payload.Span)))
            .ShouldBe([
                (TrackKind.Audio, 0UL, 0L, false, "010203"),
                (TrackKind.Video, 0UL, 5_000L, true, "0405"),
                (TrackKind.Audio, 1UL, 20_000L, false, ""),
                (TrackKind.Audio, 1000UL, 20_000_000L, false, "06")]);
        reader.End.Kind.ShouldBe(LogEndKind.Complete);
    }

    [Fact]
    public void A_timeline_of_version_1_is_read()
    {
        using var key = TemporaryFolder.Key();

        var content = TimelineReader.Read(Golden("timeline-v1.mstl"), key);

        content.Entries.Select(entry => (entry.Sequence, entry.Epoch, entry.Observation)).ShouldBe([
            (0UL, 3UL, new InterviewStarted(MediaRange.At(MediaTime.Zero), "en", Modality.Audio | Modality.Transcript, "store-manager", new string('a', 64), "default")),
            (1UL, 3UL, new QualityWarning(new MediaRange(new MediaTime(1000), new MediaTime(2000)), WarningKind.TooQuiet))]);
        content.End.Kind.ShouldBe(LogEndKind.Complete);
    }

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);
}
