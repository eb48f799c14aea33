using System.Numerics;
using Google.Protobuf;
using Grpc.Core;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.Load.Clients;

/// <summary>
/// One client message on its way out, filled anew for each: a packet is written from the clip's own memory, as generated code would write it, without an object for each of
/// the 6,500 messages a second of 100 interviews.
/// </summary>
internal sealed class OutgoingMessage
{
    // interview.proto: ClientMessage.packet = 2; MediaPacket 1 to 5. The tag is the number and the wire type (0 varint, 2 length).
    private const byte PacketTag = (2 << 3) | 2;
    private const byte TrackTag = 1 << 3;
    private const byte SequenceTag = 2 << 3;
    private const byte MediaTimeTag = 3 << 3;
    private const byte PayloadTag = (4 << 3) | 2;
    private const byte KeyFrameTag = 5 << 3;

    public static Method<OutgoingMessage, ServerMessage> StreamMedia { get; } = new(
        MethodType.DuplexStreaming, InterviewService.Descriptor.FullName, "StreamMedia",
        Marshallers.Create(static (message, context) => message.Write(context), static OutgoingMessage (_) => throw new NotSupportedException("A client reads no client messages.")),
        Marshallers.Create(static (message, context) => context.Complete(message.ToByteArray()), static context => ServerMessage.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    /// <summary>Anything but a packet; null for one.</summary>
    public ClientMessage? Other { get; set; }

    public Track Track { get; set; }

    public ulong Sequence { get; set; }

    public long MediaTimeUs { get; set; }

    public ReadOnlyMemory<byte> Payload { get; set; }

    public bool KeyFrame { get; set; }

    private void Write(SerializationContext context)
    {
        if (Other is { } other)
        {
            context.SetPayloadLength(other.CalculateSize());
            other.WriteTo(context.GetBufferWriter());
            context.Complete();
            return;
        }

        var inner = 2 + 1 + Length(Sequence) + 1 + Length((ulong)MediaTimeUs) + 1 + Length((ulong)Payload.Length) + Payload.Length + (KeyFrame ? 2 : 0);
        var whole = 1 + Length((ulong)inner) + inner;
        context.SetPayloadLength(whole);
        var writer = context.GetBufferWriter();
        var span = writer.GetSpan(whole);
        var at = 0;
        Put(span, ref at, PacketTag, (ulong)inner);
        Put(span, ref at, TrackTag, (ulong)Track);
        Put(span, ref at, SequenceTag, Sequence);
        Put(span, ref at, MediaTimeTag, (ulong)MediaTimeUs);
        Put(span, ref at, PayloadTag, (ulong)Payload.Length);
        Payload.Span.CopyTo(span[at..]);
        at += Payload.Length;
        if (KeyFrame)
            Put(span, ref at, KeyFrameTag, 1);
        writer.Advance(at);
        context.Complete();
    }

    private static int Length(ulong value) => (70 - BitOperations.LeadingZeroCount(value | 1)) / 7;

    private static void Put(Span<byte> span, ref int at, byte tag, ulong value)
    {
        span[at++] = tag;
        for (; value >= 0x80; value >>= 7)
            span[at++] = (byte)(value | 0x80);
        span[at++] = (byte)value;
    }
}
