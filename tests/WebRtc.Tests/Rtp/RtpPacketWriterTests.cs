using CsCheck;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class RtpPacketWriterTests
{
    [Fact]
    public void What_it_writes_is_what_is_read()
    {
        var extensions = Gen.Select(Gen.Byte[1, 14], Gen.Byte.Array[1, 16]).List[0, 5];
        Gen.Select(Gen.UInt.Array[0, 15], extensions, Gen.Byte.Array[0, 300], Gen.Byte, Gen.UInt, Gen.UShort).Sample((csrcs, added, payload, padding, number, sequence) =>
        {
            var buffer = new byte[1000];
            var writer = new RtpPacketWriter(buffer, (byte)(number & 0x7F), sequence, number, ~number, (number & 0x80) != 0, csrcs);
            foreach (var (id, value) in added)
                writer.AddExtension(id, value);
            writer.WritePayload(payload, padding);

            RtpPacket.TryParse(buffer.AsSpan(0, writer.Length), out var packet).ShouldBeTrue();

            packet.PayloadType.ShouldBe((byte)(number & 0x7F));
            packet.Marker.ShouldBe((number & 0x80) != 0);
            packet.SequenceNumber.ShouldBe(sequence);
            packet.Timestamp.ShouldBe(number);
            packet.Ssrc.ShouldBe(~number);
            packet.CsrcCount.ShouldBe(csrcs.Length);
            for (var i = 0; i < csrcs.Length; i++)
                packet.GetCsrc(i).ShouldBe(csrcs[i]);
            foreach (var (id, value) in added.DistinctBy(e => e.Item1))
            {
                packet.TryGetExtension(id, out var read).ShouldBeTrue();
                read.SequenceEqual(value).ShouldBeTrue();
            }

            packet.Payload.SequenceEqual(payload).ShouldBeTrue();
            packet.PaddingLength.ShouldBe(padding);
        }, iter: 2000, seed: "0000000000001");
    }

    /// <summary>The second example of RFC 8285, 4.2: a value of one byte, one of two, and two bytes that fill the word up.</summary>
    [Fact]
    public void Extensions_are_filled_up_to_a_word()
    {
        var buffer = new byte[64];
        var writer = new RtpPacketWriter(buffer, 96, 1, 2, 3);
        writer.AddExtension(1, [0xAA]);
        writer.AddExtension(2, [0xBB, 0xCC]);
        writer.WritePayload([0xDD]);

        Convert.ToHexString(buffer.AsSpan(0, writer.Length)).ShouldBe("906000010000000200000003" + "BEDE0002" + "10AA21BB" + "CC000000" + "DD");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(15, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 17)]
    public void What_the_one_byte_form_cannot_say_is_a_mistake(byte id, int length) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RtpPacketWriter(new byte[64], 96, 1, 2, 3).AddExtension(id, new byte[length]));
}
