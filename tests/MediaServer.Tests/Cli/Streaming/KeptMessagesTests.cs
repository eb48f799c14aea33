using MediaScore.MediaServer.Cli.Streaming;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Tests.Cli.Streaming;

public sealed class KeptMessagesTests
{
    [Fact]
    public void What_is_durable_is_forgotten_track_by_track_and_the_rest_stays_in_order()
    {
        var kept = new KeptMessages();
        for (var i = 0UL; i < 4; i++)
        {
            kept.Add(Packet(Track.Audio, i), Track.Audio, i, (long)i * 20_000);
            kept.Add(Packet(Track.Video, i), Track.Video, i, (long)i * 20_000);
        }

        kept.Acknowledge(40_000, [new TrackPosition { Track = Track.Audio, NextSequence = 3 }, new TrackPosition { Track = Track.Video, NextSequence = 1 }]);

        kept.Unacknowledged().Select(k => (k.Message.Packet.Track, k.Message.Packet.Sequence)).ShouldBe(
            [(Track.Video, 1UL), (Track.Video, 2UL), (Track.Audio, 3UL), (Track.Video, 3UL)]);
    }

    [Fact]
    public void At_most_64_messages_go_beyond_the_acknowledged_time_plus_two_seconds()
    {
        var kept = new KeptMessages();
        var sequence = 0UL;
        while (kept.HasRoomFor((long)sequence * 20_000))
        {
            kept.Add(Packet(Track.Audio, sequence), Track.Audio, sequence, (long)sequence * 20_000);
            sequence++;
        }

        sequence.ShouldBe(101UL + 64); // 0 to 2.00 s, and 64 more.
        kept.Acknowledge(1_000_000, [new TrackPosition { Track = Track.Audio, NextSequence = 50 }]);
        kept.HasRoomFor((long)sequence * 20_000).ShouldBeTrue();
    }

    private static ClientMessage Packet(Track track, ulong sequence) => new() { Packet = new MediaPacket { Track = track, Sequence = sequence } };
}
