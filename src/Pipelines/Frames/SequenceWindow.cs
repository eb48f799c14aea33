using System.Numerics;

namespace MediaScore.Pipelines.Frames;

/// <summary>What a sequence number says about its packet.</summary>
public enum SequenceVerdict
{
    /// <summary>Not seen before.</summary>
    New,

    /// <summary>Seen before: drop it, the first copy stands.</summary>
    Duplicate,

    /// <summary>Below the window: already given up as lost, or too old to tell.</summary>
    TooOld,

    /// <summary>So far ahead that the number itself must be wrong.</summary>
    TooFarAhead,
}

/// <summary>
/// Which packets of one track have been seen: a bitmap of the last 1,024 numbers, as IPsec keeps against replays (RFC 4303, 3.4.3).
/// It slides with the highest number seen; what it slides over without having seen it is lost. Not thread-safe.
/// </summary>
public sealed class SequenceWindow
{
    /// <summary>Numbers the window tells apart. 1,024 audio packets are 20 s, far more than a network re-orders.</summary>
    public const int Width = 1024;

    // 10 minutes of 20 ms packets, the longest jump of media time that the protocol allows, and as much again for smaller packets.
    private const ulong LargestStep = 60_000;

    private readonly ulong[] _seen = new ulong[Width / 64];

    /// <param name="next">The first number not yet durable; everything below counts as seen.</param>
    public SequenceWindow(ulong next = 0)
    {
        Next = next;
        End = next;
    }

    /// <summary>The contiguous position: everything below was seen or is lost for good.</summary>
    public ulong Next { get; private set; }

    /// <summary>One past the highest number seen.</summary>
    public ulong End { get; private set; }

    /// <summary>Numbers given up so far.</summary>
    public ulong LostCount { get; private set; }

    /// <summary>Judges one number and remembers nothing.</summary>
    public SequenceVerdict Judge(ulong sequence)
    {
        if (sequence < Next)
            return End - sequence <= Width && sequence + Width >= End && IsSet(sequence) ? SequenceVerdict.Duplicate : SequenceVerdict.TooOld;
        if (sequence - Next > LargestStep)
            return SequenceVerdict.TooFarAhead;
        return sequence < End && IsSet(sequence) ? SequenceVerdict.Duplicate : SequenceVerdict.New;
    }

    /// <summary>Judges one number and remembers it.</summary>
    public SequenceVerdict Accept(ulong sequence)
    {
        if (Judge(sequence) is var verdict and not SequenceVerdict.New)
            return verdict;
        if (sequence < End)
        {
            Set(sequence);
        }
        else
        {
            if (sequence >= Width)
                GiveUpBelow(sequence - Width + 1);
            for (var cleared = End; cleared < sequence; cleared++)
                Clear(cleared);
            End = sequence + 1;
            Set(sequence);
        }

        SkipSeen();
        return SequenceVerdict.New;
    }

    /// <summary>Gives up every number below <paramref name="sequence"/> that has not been seen.</summary>
    /// <returns>How many were given up by this call.</returns>
    public ulong GiveUpBelow(ulong sequence)
    {
        var before = LostCount;
        while (Next < sequence)
        {
            if (Next >= End)
            {
                LostCount += sequence - Next;
                for (var cleared = End; cleared < sequence && cleared < End + Width; cleared++)
                    Clear(cleared);
                Next = sequence;
                End = sequence;
                break;
            }

            if (!IsSet(Next))
                LostCount++;
            Next++;
        }

        SkipSeen();
        return LostCount - before;
    }

    private void SkipSeen()
    {
        while (Next < End && IsSet(Next))
        {
            // A whole word at a time where the run allows it: a long in-order stream costs one test a packet either way.
            var run = BitOperations.TrailingZeroCount(~(_seen[Word(Next)] >> Bit(Next)));
            Next = Math.Min(End, Next + (ulong)Math.Clamp(run, 1, 64 - Bit(Next)));
        }
    }

    private bool IsSet(ulong sequence) => (_seen[Word(sequence)] >> Bit(sequence) & 1) != 0;

    private void Set(ulong sequence) => _seen[Word(sequence)] |= 1UL << Bit(sequence);

    private void Clear(ulong sequence) => _seen[Word(sequence)] &= ~(1UL << Bit(sequence));

    private static int Word(ulong sequence) => (int)(sequence / 64 % (Width / 64));

    private static int Bit(ulong sequence) => (int)(sequence % 64);
}
