using CsCheck;
using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Tests.Rtcp;

public sealed class TransportFeedbackTests
{
    private const string Sources = "00000001" + "00000002";

    /// <summary>
    /// By hand from draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1: base 10, seven packets, reference time -1, feedback 5; a run of two small deltas, then seven
    /// statuses of two bits of which the first five count: small, none, large, none, small.
    /// </summary>
    [Fact]
    public void Packets_are_read_from_runs_and_vectors()
    {
        var feedback = ReadOne("8FCD0007" + Sources + "000A0007" + "FFFFFF05" + "2002" + "D210" + "04" + "08" + "01" + "FFF6" + "FF" + "0000").TransportFeedback;

        feedback.BaseSequence.ShouldBe((ushort)10);
        feedback.StatusCount.ShouldBe((ushort)7);
        feedback.ReferenceTime.ShouldBe(-1);
        feedback.FeedbackCount.ShouldBe((byte)5);
        Arrivals(feedback).ShouldBe([
            new(10, true, -64_000 + 1000), new(11, true, -64_000 + 3000), new(12, true, -64_000 + 3250), new(13, false, -64_000 + 3250),
            new(14, true, -64_000 + 750), new(15, false, -64_000 + 750), new(16, true, -64_000 + 64_500)]);
    }

    [Theory]
    [InlineData("8FCD0004" + Sources + "000A0001" + "00000000")] // no chunk
    [InlineData("8FCD0005" + Sources + "000A0000" + "00000000" + "20010400")] // of no packet
    [InlineData("8FCD0005" + Sources + "000AFFFF" + "00000000" + "20010400")] // chunks that end too early
    [InlineData("8FCD0005" + Sources + "000A0003" + "00000000" + "20030404")] // a delta is missing
    [InlineData("8FCD0005" + Sources + "000A0001" + "00000000" + "60010400")] // the reserved status
    [InlineData("8FCD0005" + Sources + "000A0001" + "00000000" + "00000000")] // nothing but empty runs
    public void What_does_not_add_up_is_malformed(string hex) => ReadOne(hex).Kind.ShouldBe(RtcpKind.Malformed);

    [Fact]
    public void An_empty_run_says_nothing() =>
        Arrivals(ReadOne("8FCD0007" + Sources + "000A0002" + "00000000" + "0000" + "2001" + "2000" + "2001" + "0408" + "0000").TransportFeedback)
            .ShouldBe([new(10, true, 1000), new(11, true, 3000)]);

    [Fact]
    public void What_is_written_is_read_back_within_a_quarter_of_a_millisecond()
    {
        // Mostly steps of a stream; now and then a burst, a late packet, a long silence.
        var step = Gen.Frequency((20, Gen.Long[0, 12_000]), (3, Gen.Const(0L)), (2, Gen.Long[-30_000, 0]), (1, Gen.Long[60_000, 9_000_000]));
        var packet = Gen.Select(step, Gen.Int[0, 9], (s, lost) => (Step: s, Lost: lost == 0));
        var runs = Gen.OneOf(packet.List[1, 300], Gen.Select(packet, Gen.Int[1, 400], (p, n) => Enumerable.Repeat(p, n).ToList()));
        Gen.Select(runs, Gen.UShort, Gen.Long[-(1L << 40), 1L << 40], Gen.Byte, Gen.Int[24, 1500]).Sample((packets, baseSequence, start, count, room) =>
        {
            var arrivals = new long[packets.Count];
            for (var i = 0; i < arrivals.Length; i++)
            {
                start += packets[i].Step;
                arrivals[i] = packets[i].Lost ? RtcpWriter.NotReceived : start;
            }

            Check(arrivals, baseSequence, count, room);
        }, iter: 3000, seed: "0000000000001");
    }

    [Fact]
    public void Nothing_is_written_of_packets_that_all_were_lost_or_where_there_is_no_room()
    {
        var writer = new RtcpWriter(new byte[100]);
        writer.WriteTransportFeedback(1, 2, 0, 0, [RtcpWriter.NotReceived, RtcpWriter.NotReceived]).ShouldBe(0);
        writer.WriteTransportFeedback(1, 2, 0, 0, []).ShouldBe(0);
        writer.Length.ShouldBe(0);

        new RtcpWriter(new byte[27]).WriteTransportFeedback(1, 2, 0, 0, [5]).ShouldBe(0);
        new RtcpWriter(new byte[28]).WriteTransportFeedback(1, 2, 0, 0, [5]).ShouldBe(1);
    }

    [Fact]
    public void A_packet_that_came_too_late_for_a_delta_begins_the_next_feedback()
    {
        long[] arrivals = [0, 1_000_000, 10_000_000, 10_020_000];

        new RtcpWriter(new byte[100]).WriteTransportFeedback(1, 2, 0, 0, arrivals).ShouldBe(2);
        new RtcpWriter(new byte[100]).WriteTransportFeedback(1, 2, 1, 2, arrivals.AsSpan(2)).ShouldBe(2);
    }

    /// <summary>Twenty packets of a stream at 100 a second: a word of chunks, a byte each.</summary>
    [Fact]
    public void A_steady_stream_is_said_in_few_bytes()
    {
        var writer = new RtcpWriter(new byte[100]);

        writer.WriteTransportFeedback(1, 2, 0, 0, [.. Enumerable.Range(0, 20).Select(i => i * 10_000L)]).ShouldBe(20);

        writer.Length.ShouldBe(20 + 2 + 20 + 2);
    }

    private static void Check(long[] arrivals, ushort baseSequence, byte feedbackCount, int room)
    {
        var buffer = new byte[room];
        var writer = new RtcpWriter(buffer);
        var written = writer.WriteTransportFeedback(1, 2, feedbackCount, baseSequence, arrivals);
        if (written == 0)
        {
            writer.Length.ShouldBe(0);
            return;
        }

        var block = ReadOne(Convert.ToHexString(buffer.AsSpan(0, writer.Length)));
        block.Kind.ShouldBe(RtcpKind.TransportFeedback);
        block.TransportFeedback.FeedbackCount.ShouldBe(feedbackCount);
        var read = Arrivals(block.TransportFeedback);
        read.Count.ShouldBe(written);

        // The reference time has 24 bits: the reader knows the time but for a multiple of 2^24 of them.
        var first = read.FindIndex(p => p.Received);
        const long CycleUs = (long)TransportFeedback.ReferenceTimeUs << 24;
        var cycle = (long)Math.Round((double)(arrivals[first] - read[first].ArrivalUs) / CycleUs) * CycleUs;
        for (var i = 0; i < written; i++)
        {
            read[i].Sequence.ShouldBe((ushort)(baseSequence + i));
            read[i].Received.ShouldBe(arrivals[i] != RtcpWriter.NotReceived);
            if (read[i].Received)
                (arrivals[i] - read[i].ArrivalUs - cycle).ShouldBeInRange(0, 249);
        }
    }

    private static List<TransportArrival> Arrivals(TransportFeedback feedback)
    {
        var arrivals = new List<TransportArrival>();
        foreach (var arrival in feedback)
            arrivals.Add(arrival);
        return arrivals;
    }

    private static RtcpBlock ReadOne(string hex)
    {
        var reader = new RtcpReader(Convert.FromHexString(hex));
        reader.TryRead(out var block).ShouldBeTrue();
        reader.TryRead(out _).ShouldBeFalse();
        return block;
    }
}
