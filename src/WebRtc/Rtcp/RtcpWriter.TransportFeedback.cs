using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>draft-holmer-rmcat-transport-wide-cc-extensions-01.</summary>
internal ref partial struct RtcpWriter
{
    /// <summary>For <see cref="WriteTransportFeedback"/>: has not come.</summary>
    public const long NotReceived = long.MinValue;

    // Ten times what comes between two reports of a 2 Mbit/s sender; bounds the stack.
    private const int MaxStatuses = 512;

    private const int TicksInReferenceTime = TransportFeedback.ReferenceTimeUs / TransportFeedback.TickUs;

    /// <param name="mediaSsrc">Any source of the transport.</param>
    /// <param name="feedbackCount">One more with each feedback packet.</param>
    /// <param name="arrivalsUs">Of the packets from <paramref name="baseSequence"/> on, one after the other: when they came, microseconds of any clock, or <see cref="NotReceived"/>.</param>
    /// <returns>
    /// How many of them were written. Fewer than all where there is no room for more, or a packet came more than 8 seconds after the one before it: the next feedback begins there.
    /// 0 where none came, or where there is no room at all.
    /// </returns>
    public int WriteTransportFeedback(uint senderSsrc, uint mediaSsrc, byte feedbackCount, ushort baseSequence, scoped ReadOnlySpan<long> arrivalsUs)
    {
        var room = _buffer.Length - Length - HeaderLength - TransportFeedback.FixedLength;

        // At worst two bytes of delta each, a chunk for seven, a chunk that is not full and three bytes of padding.
        var count = Math.Min(Math.Min(arrivalsUs.Length, MaxStatuses), (room - 5) * 7 / 16);
        var firstReceived = count <= 0 ? -1 : arrivalsUs[..count].IndexOfAnyExcept(NotReceived);
        if (firstReceived < 0)
            return 0;

        // Times are rounded before they are subtracted, so that errors do not add up.
        var firstTicks = Ticks(arrivalsUs[firstReceived]);
        var referenceTime = FloorDivide(firstTicks, TicksInReferenceTime);
        Span<PacketStatus> statuses = stackalloc PacketStatus[MaxStatuses];
        var deltaLength = Classify(arrivalsUs[..count], referenceTime * TicksInReferenceTime, statuses, out count);
        statuses = statuses[..count];

        var start = Length;
        var at = start + HeaderLength + TransportFeedback.FixedLength;
        for (var done = 0; done < count; at += 2)
            BinaryPrimitives.WriteUInt16BigEndian(_buffer[at..], NextChunk(statuses[done..], ref done));
        var length = (at - start + deltaLength + 3) / 4 * 4;
        TryBegin(RtcpPacketTypes.TransportFeedback, RtcpPacketTypes.TransportWideFormat, length, out var packet);
        WriteFeedbackSources(packet, senderSsrc, mediaSsrc);
        BinaryPrimitives.WriteUInt16BigEndian(packet[12..], baseSequence);
        BinaryPrimitives.WriteUInt16BigEndian(packet[14..], (ushort)count);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], ((uint)referenceTime << 8) | feedbackCount);
        WriteDeltas(arrivalsUs, referenceTime * TicksInReferenceTime, statuses, packet[(at - start)..]);
        return count;
    }

    private static int Classify(scoped ReadOnlySpan<long> arrivalsUs, long ticks, Span<PacketStatus> statuses, out int count)
    {
        var length = 0;
        for (count = 0; count < arrivalsUs.Length; count++)
        {
            statuses[count] = PacketStatus.NotReceived;
            if (arrivalsUs[count] == NotReceived)
                continue;
            var delta = Ticks(arrivalsUs[count]) - ticks;
            if (delta is < short.MinValue or > short.MaxValue)
                break;
            statuses[count] = delta is >= 0 and <= byte.MaxValue ? PacketStatus.SmallDelta : PacketStatus.LargeDelta;
            length += (int)statuses[count];
            ticks += delta;
        }

        return length;
    }

    /// <summary>A run where that says the most, else fourteen statuses of one bit, else seven of two.</summary>
    private static ushort NextChunk(ReadOnlySpan<PacketStatus> statuses, ref int done)
    {
        var run = statuses.IndexOfAnyExcept(statuses[0]);
        run = Math.Min(run < 0 ? statuses.Length : run, StatusChunk.MaxRun);
        var large = statuses[..Math.Min(statuses.Length, StatusChunk.OneBitCount)].IndexOf(PacketStatus.LargeDelta);
        var oneBit = large < 0 ? Math.Min(statuses.Length, StatusChunk.OneBitCount) : 0;
        var twoBit = Math.Min(statuses.Length, StatusChunk.TwoBitCount);
        var said = Math.Max(run, Math.Max(oneBit, twoBit));
        done += said;
        if (said == run)
            return StatusChunk.Run(statuses[0], run);
        return said == oneBit ? StatusChunk.OneBit(statuses[..oneBit]) : StatusChunk.TwoBit(statuses[..twoBit]);
    }

    private static void WriteDeltas(scoped ReadOnlySpan<long> arrivalsUs, long ticks, ReadOnlySpan<PacketStatus> statuses, Span<byte> deltas)
    {
        for (var i = 0; i < statuses.Length; i++)
        {
            if (statuses[i] == PacketStatus.NotReceived)
                continue;
            var delta = Ticks(arrivalsUs[i]) - ticks;
            ticks += delta;
            if (statuses[i] == PacketStatus.SmallDelta)
                deltas[0] = (byte)delta;
            else
                BinaryPrimitives.WriteInt16BigEndian(deltas, (short)delta);
            deltas = deltas[(int)statuses[i]..];
        }

        deltas.Clear();
    }

    private static long Ticks(long microseconds) => FloorDivide(microseconds, TransportFeedback.TickUs);

    private static long FloorDivide(long value, long divisor) => (value - (((value % divisor) + divisor) % divisor)) / divisor;
}
