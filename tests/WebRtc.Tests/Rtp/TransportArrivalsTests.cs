using MediaScore.WebRtc.Rtcp;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class TransportArrivalsTests
{
    private readonly TransportArrivals _arrivals = new();
    private readonly byte[] _buffer = new byte[1200];

    [Fact]
    public void A_feedback_tells_what_came_and_when_over_the_wrap()
    {
        Record(65_534, 0);
        Record(65_535, 7);
        Record(1, 30);

        var feedback = Write(100);

        feedback.ShouldBe([(65_534, true, 0), (65_535, true, 7), (0, false, 0), (1, true, 30)], ignoreOrder: false);
        _arrivals.DueAt.ShouldBe(Instant.Never);
    }

    [Fact]
    public void It_is_due_a_tenth_of_a_second_after_the_first_packet()
    {
        _arrivals.DueAt.ShouldBe(Instant.Never);
        Record(5, 0);

        _arrivals.DueAt.ShouldBe(At(100));
        Write(99).ShouldBeEmpty();
    }

    [Fact]
    public void The_next_feedback_begins_where_the_last_one_ended()
    {
        Record(5, 0);
        Write(100);
        Record(8, 110);

        Write(210).Select(packet => packet.Sequence).ShouldBe([6, 7, 8]);
    }

    [Fact]
    public void A_packet_that_was_reported_missing_and_comes_after_all_is_reported_again()
    {
        Record(5, 0);
        Record(7, 2);
        Write(100);
        Record(6, 120);

        Write(220).ShouldBe([(6, true, 0), (7, true, -118)]);
    }

    [Fact]
    public void Numbers_far_apart_begin_anew()
    {
        Record(5, 0);
        Record(30_000, 10);
        Record(30_001, 20);

        Write(200).Select(packet => packet.Sequence).ShouldBe([30_000, 30_001]);
    }

    [Fact]
    public void A_burst_is_reported_in_full_though_not_at_once()
    {
        for (var number = 0; number < 500; number++)
            Record(number, number * 0.1);
        var reported = new List<int>();
        for (var milliseconds = 100; milliseconds < 1000; milliseconds += 100)
            reported.AddRange(Write(milliseconds).Where(packet => packet.Received).Select(packet => packet.Sequence));

        reported.ShouldBe(Enumerable.Range(0, 500));
    }

    private static Instant At(double milliseconds) => new Instant(64_000_000) + TimeSpan.FromMilliseconds(milliseconds);

    private void Record(int sequence, double milliseconds) => _arrivals.Record((ushort)sequence, At(milliseconds));

    private List<(int Sequence, bool Received, int Milliseconds)> Write(double milliseconds)
    {
        var writer = new RtcpWriter(_buffer);
        _arrivals.WriteDue(ref writer, 1, 2, At(milliseconds));
        var packets = new List<(int, bool, int)>();
        var reader = new RtcpReader(_buffer.AsSpan(0, writer.Length));
        long? first = null;
        while (reader.TryRead(out var block))
        {
            block.Kind.ShouldBe(RtcpKind.TransportFeedback);
            foreach (var arrival in block.TransportFeedback)
            {
                if (arrival.Received)
                    first ??= arrival.ArrivalUs;
                packets.Add((arrival.Sequence, arrival.Received, arrival.Received ? (int)Math.Round((arrival.ArrivalUs - first!.Value) / 1000.0) : 0));
            }
        }

        return packets;
    }
}
