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

        kept.Acknowledge([new TrackPosition { Track = Track.Audio, NextSequence = 3 }, new TrackPosition { Track = Track.Video, NextSequence = 1 }]);

        kept.Unacknowledged().Select(k => (k.Message.Packet.Track, k.Message.Packet.Sequence)).ShouldBe(
            [(Track.Video, 1UL), (Track.Video, 2UL), (Track.Audio, 3UL), (Track.Video, 3UL)]);
    }

    [Fact]
    public void At_most_1024_messages_go_beyond_what_is_acknowledged()
    {
        var kept = new KeptMessages();
        var sequence = 0UL;
        while (kept.HasRoom)
        {
            kept.Add(Packet(Track.Audio, sequence), Track.Audio, sequence, (long)sequence * 20_000);
            sequence++;
        }

        sequence.ShouldBe(1_024UL);
        kept.Acknowledge([new TrackPosition { Track = Track.Audio, NextSequence = 50 }]);
        kept.HasRoom.ShouldBeTrue();
    }

    private static ClientMessage Packet(Track track, ulong sequence) => new() { Packet = new MediaPacket { Track = track, Sequence = sequence } };
}
