using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Tests.Fuzz;

public sealed class RtcpFuzzTests
{
    [Fact]
    public void Every_changed_compound_is_read_within_its_bytes()
    {
        var seen = new HashSet<RtcpKind>();
        FuzzCases.Run([Compound(), Compound(), .. FuzzCases.Corpus("*", "corpus/rtcp"), .. FuzzCases.Corpus("rtcp*.bin", "packets")], 2_048, (buffer, length) =>
        {
            var reader = new RtcpReader(buffer.AsSpan(0, length));
            var blockBytes = 0;
            while (reader.TryRead(out var block))
            {
                blockBytes += 4 + block.Body.Length;
                seen.Add(block.Kind);

                // The most that a NACK's masks or a feedback's runs can say of a body; everything else says less.
                Visit(block).ShouldBeLessThanOrEqualTo(Math.Max(17 * block.Body.Length, 65_536));
            }

            blockBytes.ShouldBeLessThanOrEqualTo(length);
            if (!reader.Truncated && blockBytes > 0)
                (length % 4).ShouldBe(0);
        });

        // Else the changes were too many to say anything.
        seen.Count.ShouldBe(Enum.GetValues<RtcpKind>().Length);
    }

    /// <summary>Reads all that there is.</summary>
    /// <returns>Of how many things.</returns>
    private static int Visit(RtcpBlock block)
    {
        var count = 0;
        switch (block.Kind)
        {
            case RtcpKind.SenderReport:
                _ = (block.SenderReport.Ssrc, block.SenderReport.Ntp.ToUnixMicroseconds(), block.SenderReport.RtpTimestamp, block.SenderReport.PacketCount, block.SenderReport.OctetCount);
                return VisitReports(block.SenderReport.Reports);
            case RtcpKind.ReceiverReport:
                return VisitReports(block.ReceiverReport.Reports);
            case RtcpKind.Sdes:
                var items = block.Sdes;
                while (items.TryRead(out _, out _, out _))
                    count++;
                return count;
            case RtcpKind.Bye:
                for (; count < block.Bye.SourceCount; count++)
                    block.Bye.GetSource(count);
                return count + block.Bye.Reason.Length;
            case RtcpKind.Nack:
                foreach (var sequence in block.Nack)
                    count++;
                return count + (int)(block.Nack.SenderSsrc & block.Nack.MediaSsrc & 1);
            case RtcpKind.Pli:
                return (int)(block.Pli.SenderSsrc & block.Pli.MediaSsrc & 1);
            case RtcpKind.Fir:
                for (; count < block.Fir.EntryCount; count++)
                    block.Fir.GetEntry(count);
                return count;
            case RtcpKind.Remb:
                for (; count < block.Remb.SourceCount; count++)
                    block.Remb.GetSource(count);
                return count + (int)(block.Remb.BitrateBps & 1);
            case RtcpKind.TransportFeedback:
                foreach (var arrival in block.TransportFeedback)
                    count++;
                count.ShouldBe(block.TransportFeedback.StatusCount);
                return count;
            default:
                return 0;
        }
    }

    private static int VisitReports(ReportBlocks reports)
    {
        for (var i = 0; i < reports.Count; i++)
            _ = reports[i];
        return reports.Count;
    }

    private static byte[] Compound()
    {
        var buffer = new byte[500];
        var writer = new RtcpWriter(buffer);
        writer.WriteSenderReport(1, new NtpTime(0xB44D_B705_2000_0000), 2, 3, 4, [new ReportBlock(2, 3, 4, 5, 6, 7, 8)]);
        writer.WriteSdesCname(1, "mediascore");
        writer.WriteNack(1, 2, [5, 6, 9, 300]);
        writer.WriteTransportFeedback(1, 2, 3, 4, [0, 10_000, RtcpWriter.NotReceived, 30_000, 200_000, 210_000, 210_000, 190_000]);
        writer.WriteRemb(1, 800_000, [2, 3]);
        writer.WriteFir(1, 2, 3);
        writer.WritePli(1, 2);
        writer.WriteBye([1], "over");
        return buffer[..writer.Length];
    }
}
