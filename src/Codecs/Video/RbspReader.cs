namespace MediaScore.Codecs.Video;

/// <summary>
/// Bits of a NAL unit's payload, emulation prevention bytes taken out on the way (ITU-T H.264, 7.3.1), with Exp-Golomb numbers (9.1). Past the end it reads
/// zeros and remembers that it did.
/// </summary>
internal ref struct RbspReader(ReadOnlySpan<byte> payload)
{
    private readonly ReadOnlySpan<byte> _payload = payload;
    private int _position;
    private int _zeroRun;
    private int _current;
    private int _bitsLeft;

    /// <summary>Something was read that is not there, or a number was too long.</summary>
    internal bool Overrun { get; private set; }

    internal uint ReadBits(int count)
    {
        var value = 0u;
        for (; count > 0; count--)
            value = (value << 1) | ReadBit();
        return value;
    }

    internal bool ReadFlag() => ReadBit() != 0;

    /// <summary>ue(v).</summary>
    internal uint ReadUnsigned()
    {
        var zeros = 0;
        while (ReadBit() == 0)
        {
            if (++zeros > 31 || Overrun)
            {
                Overrun = true;
                return 0;
            }
        }

        return ((1u << zeros) - 1) + ReadBits(zeros);
    }

    /// <summary>se(v).</summary>
    internal int ReadSigned()
    {
        var code = ReadUnsigned();
        return (code & 1) != 0 ? (int)((code >> 1) + 1) : -(int)(code >> 1);
    }

    private uint ReadBit()
    {
        if (_bitsLeft == 0 && !TryNextByte())
        {
            Overrun = true;
            return 0;
        }

        _bitsLeft--;
        return (uint)(_current >> _bitsLeft) & 1;
    }

    private bool TryNextByte()
    {
        if (_position < _payload.Length && _zeroRun >= 2 && _payload[_position] == 3)
        {
            _position++;
            _zeroRun = 0;
        }

        if (_position >= _payload.Length)
            return false;
        _current = _payload[_position++];
        _zeroRun = _current == 0 ? _zeroRun + 1 : 0;
        _bitsLeft = 8;
        return true;
    }
}
