using System.Text;
using CsCheck;
using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Tests.Rtcp;

public sealed class RtcpWriterTests
{
    private const string Seed = "0000000000001";

    private static readonly Gen<ReportBlock> Blocks = Gen.Select(Gen.UInt, Gen.Byte, Gen.Int[-0x80_0000, 0x7F_FFFF], Gen.UInt, Gen.UInt, Gen.UInt, Gen.UInt)
        .Select(b => new ReportBlock(b.Item1, b.Item2, b.Item3, b.Item4, b.Item5, b.Item6, b.Item7));

    [Fact]
    public void Reports_are_read_back() =>
        Gen.Select(Blocks.Array[0, 31], Gen.UInt, Gen.ULong).Sample((blocks, ssrc, ntp) =>
        {
            var buffer = new byte[2000];
            var writer = new RtcpWriter(buffer);
            writer.WriteSenderReport(ssrc, new NtpTime(ntp), ~ssrc, 5, 6, blocks).ShouldBeTrue();
            writer.WriteReceiverReport(ssrc, blocks).ShouldBeTrue();

            var reader = new RtcpReader(buffer.AsSpan(0, writer.Length));
            reader.TryRead(out var first).ShouldBeTrue();
            first.Kind.ShouldBe(RtcpKind.SenderReport);
            first.SenderReport.Ssrc.ShouldBe(ssrc);
            first.SenderReport.Ntp.Value.ShouldBe(ntp);
            first.SenderReport.RtpTimestamp.ShouldBe(~ssrc);
            first.SenderReport.PacketCount.ShouldBe(5u);
            first.SenderReport.OctetCount.ShouldBe(6u);
            Check(first.SenderReport.Reports, blocks);
            reader.TryRead(out var second).ShouldBeTrue();
            second.Kind.ShouldBe(RtcpKind.ReceiverReport);
            second.ReceiverReport.Ssrc.ShouldBe(ssrc);
            Check(second.ReceiverReport.Reports, blocks);
        }, iter: 500, seed: Seed);

    [Fact]
    public void Losses_beyond_24_bits_are_the_most_that_can_be_said()
    {
        var buffer = new byte[100];
        var writer = new RtcpWriter(buffer);
        writer.WriteReceiverReport(1, [new ReportBlock(2, 0, int.MaxValue, 0, 0, 0, 0), new ReportBlock(3, 255, int.MinValue, 0, 0, 0, 0)]);

        var reports = ReadOne(buffer.AsSpan(0, writer.Length)).ReceiverReport.Reports;

        reports[0].CumulativeLost.ShouldBe(0x7F_FFFF);
        reports[1].CumulativeLost.ShouldBe(-0x80_0000);
        reports[1].FractionLost.ShouldBe((byte)255);
    }

    [Fact]
    public void A_canonical_name_of_any_length_is_read_back()
    {
        for (var length = 0; length < 256; length++)
        {
            var cname = new string('x', length);
            var buffer = new byte[300];
            buffer.AsSpan().Fill(0xEE);
            var writer = new RtcpWriter(buffer);
            writer.WriteSdesCname(77, cname).ShouldBeTrue();

            var items = ReadOne(buffer.AsSpan(0, writer.Length)).Sdes;

            items.TryRead(out var ssrc, out var type, out var value).ShouldBeTrue();
            ssrc.ShouldBe(77u);
            type.ShouldBe(SdesItems.Cname);
            Encoding.UTF8.GetString(value).ShouldBe(cname);
            items.TryRead(out _, out _, out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_goodbye_is_read_back() =>
        Gen.Select(Gen.UInt.Array[0, 31], Gen.String[Gen.Char['a', 'z'], 0, 255]).Sample((sources, reason) =>
        {
            var buffer = new byte[500];
            var writer = new RtcpWriter(buffer);
            writer.WriteBye(sources, reason).ShouldBeTrue();

            var bye = ReadOne(buffer.AsSpan(0, writer.Length)).Bye;

            bye.SourceCount.ShouldBe(sources.Length);
            for (var i = 0; i < sources.Length; i++)
                bye.GetSource(i).ShouldBe(sources[i]);
            Encoding.UTF8.GetString(bye.Reason).ShouldBe(reason);
        }, iter: 500, seed: Seed);

    [Fact]
    public void The_packets_of_a_NACK_are_read_back_as_many_as_fit() =>
        Gen.Select(Gen.UShort, Gen.Int[1, 40].List[1, 300], Gen.Int[0, 400]).Sample((start, steps, room) =>
        {
            var sequences = new ushort[steps.Count];
            for (var i = 0; i < sequences.Length; i++)
                sequences[i] = start += (ushort)steps[i];
            var buffer = new byte[room];
            var writer = new RtcpWriter(buffer);

            var written = writer.WriteNack(1, 2, sequences);

            if (written == 0)
            {
                room.ShouldBeLessThan(16);
                writer.Length.ShouldBe(0);
                return;
            }

            if (written < sequences.Length)
                writer.Length.ShouldBeGreaterThan(room - 4);
            var read = new List<ushort>();
            foreach (var sequence in ReadOne(buffer.AsSpan(0, writer.Length)).Nack)
                read.Add(sequence);
            read.ShouldBe(sequences[..written]);
        }, iter: 2000, seed: Seed);

    /// <summary>RFC 4585, 6.2.1: one entry says up to 17 packets.</summary>
    [Fact]
    public void Neighbours_share_an_entry()
    {
        var writer = new RtcpWriter(new byte[100]);

        writer.WriteNack(1, 2, [.. Enumerable.Range(65_530, 17).Select(i => (ushort)i)]).ShouldBe(17);

        writer.Length.ShouldBe(16);
    }

    [Fact]
    public void Requests_for_a_key_frame_are_read_back()
    {
        var buffer = new byte[100];
        var writer = new RtcpWriter(buffer);
        writer.WritePli(1, 2).ShouldBeTrue();
        writer.WriteFir(1, 2, 200).ShouldBeTrue();

        var reader = new RtcpReader(buffer.AsSpan(0, writer.Length));
        reader.TryRead(out var loss).ShouldBeTrue();
        (loss.Pli.SenderSsrc, loss.Pli.MediaSsrc).ShouldBe((1u, 2u));
        reader.TryRead(out var intra).ShouldBeTrue();
        intra.Fir.SenderSsrc.ShouldBe(1u);
        intra.Fir.EntryCount.ShouldBe(1);
        intra.Fir.GetEntry(0).ShouldBe((2u, (byte)200));
    }

    [Fact]
    public void A_bitrate_is_read_back_never_higher_and_to_17_bits() =>
        Gen.Select(Gen.OneOf(Gen.ULong, Gen.UInt.Select(u => (ulong)u)), Gen.UInt.Array[0, 255]).Sample((bitrate, sources) =>
        {
            var buffer = new byte[1100];
            var writer = new RtcpWriter(buffer);
            writer.WriteRemb(1, bitrate, sources).ShouldBeTrue();

            var remb = ReadOne(buffer.AsSpan(0, writer.Length)).Remb;

            remb.SenderSsrc.ShouldBe(1u);
            (bitrate - remb.BitrateBps).ShouldBeLessThanOrEqualTo(bitrate >> 17);
            remb.SourceCount.ShouldBe(sources.Length);
            for (var i = 0; i < sources.Length; i++)
                remb.GetSource(i).ShouldBe(sources[i]);
        }, iter: 1000, seed: Seed);

    [Fact]
    public void What_does_not_fit_is_not_begun()
    {
        var buffer = new byte[27];
        var writer = new RtcpWriter(buffer);
        writer.WritePli(1, 2).ShouldBeTrue();
        writer.WritePli(1, 2).ShouldBeTrue();

        writer.WritePli(1, 2).ShouldBeFalse();
        writer.WriteFir(1, 2, 3).ShouldBeFalse();
        writer.WriteRemb(1, 2, []).ShouldBeFalse();
        writer.WriteBye([1]).ShouldBeFalse();
        writer.WriteSdesCname(1, "").ShouldBeFalse();
        writer.WriteReceiverReport(1, []).ShouldBeFalse();
        writer.WriteSenderReport(1, default, 2, 3, 4).ShouldBeFalse();
        writer.WriteNack(1, 2, [3]).ShouldBe(0);

        writer.Length.ShouldBe(24);
        buffer[24..].ShouldAllBe(b => b == 0);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_compound_or_its_reading()
    {
        var buffer = new byte[500];
        var sum = Exchange(buffer);

        var before = GC.GetAllocatedBytesForCurrentThread();
        sum -= Exchange(buffer);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        sum.ShouldBe(0);
        allocated.ShouldBe(0);
    }

    private static long Exchange(byte[] buffer)
    {
        var writer = new RtcpWriter(buffer);
        writer.WriteReceiverReport(1, [new ReportBlock(2, 3, 4, 5, 6, 7, 8)]);
        writer.WriteSdesCname(1, "mediascore");
        writer.WriteNack(1, 2, [5, 6, 9, 300]);
        writer.WriteTransportFeedback(1, 2, 3, 4, [0, 10_000, RtcpWriter.NotReceived, 30_000, 200_000]);
        writer.WriteRemb(1, 800_000, [2]);
        writer.WriteBye([1]);
        long sum = writer.Length;
        var reader = new RtcpReader(buffer.AsSpan(0, writer.Length));
        while (reader.TryRead(out var block))
        {
            sum += (long)block.Kind;
            if (block.Kind == RtcpKind.Nack)
            {
                foreach (var sequence in block.Nack)
                    sum += sequence;
            }
            else if (block.Kind == RtcpKind.TransportFeedback)
            {
                foreach (var arrival in block.TransportFeedback)
                    sum += arrival.ArrivalUs;
            }
        }

        return sum;
    }

    private static void Check(ReportBlocks read, ReportBlock[] written)
    {
        read.Count.ShouldBe(written.Length);
        for (var i = 0; i < written.Length; i++)
            read[i].ShouldBe(written[i]);
    }

    private static RtcpBlock ReadOne(ReadOnlySpan<byte> bytes)
    {
        var reader = new RtcpReader(bytes);
        reader.TryRead(out var block).ShouldBeTrue();
        reader.TryRead(out _).ShouldBeFalse();
        reader.Truncated.ShouldBeFalse();
        return block;
    }
}
