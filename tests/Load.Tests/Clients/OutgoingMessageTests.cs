using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using MediaScore.Load.Clients;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.Load.Tests.Clients;

public sealed class OutgoingMessageTests
{
    [Theory]
    [InlineData(0UL, 0L, 0, false)]
    [InlineData(127UL, 20_000L, 60, false)]
    [InlineData(16_384UL, 3_600_000_000L, 20_000, true)]
    public void A_packet_is_what_generated_code_reads(ulong sequence, long mediaTimeUs, int length, bool keyFrame)
    {
        var payload = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var message = new OutgoingMessage { Track = Track.Video, Sequence = sequence, MediaTimeUs = mediaTimeUs, Payload = payload, KeyFrame = keyFrame };

        var read = ClientMessage.Parser.ParseFrom(Written(message));

        read.Packet.ShouldBe(new MediaPacket { Track = Track.Video, Sequence = sequence, MediaTimeUs = mediaTimeUs, Payload = ByteString.CopyFrom(payload), KeyFrame = keyFrame });
    }

    [Fact]
    public void Anything_else_goes_out_as_it_is()
    {
        var end = new ClientMessage { End = new End { Sequence = 2, MediaTimeUs = 5 } };

        ClientMessage.Parser.ParseFrom(Written(new OutgoingMessage { Other = end })).ShouldBe(end);
    }

    private static byte[] Written(OutgoingMessage message)
    {
        var context = new Context();
        OutgoingMessage.StreamMedia.RequestMarshaller.ContextualSerializer(message, context);
        context.Length.ShouldBe(context.Writer.WrittenCount);
        return context.Writer.WrittenSpan.ToArray();
    }

    private sealed class Context : SerializationContext
    {
        public ArrayBufferWriter<byte> Writer { get; } = new();

        public int Length { get; private set; }

        public override void SetPayloadLength(int payloadLength) => Length = payloadLength;

        public override IBufferWriter<byte> GetBufferWriter() => Writer;

        public override void Complete()
        {
            // What was written is looked at afterwards.
        }
    }
}
