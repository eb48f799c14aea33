using System.Buffers;

namespace MediaScore.Pipelines.Audio;

/// <summary>
/// The latest samples of one interview, addressed by their position on its clock (16 kHz). Grows to the longest utterance and stays there;
/// nothing is allocated per frame once it has grown. Not thread-safe.
/// </summary>
internal sealed class SampleHistory : IDisposable
{
    private float[] _samples = ArrayPool<float>.Shared.Rent(1 << 15);
    private int _offset;
    private int _count;

    /// <summary>Position of the first sample held.</summary>
    public long Start { get; private set; }

    /// <summary>Position after the last sample held.</summary>
    public long End => Start + _count;

    public void Append(ReadOnlySpan<float> samples) => samples.CopyTo(Extend(samples.Length));

    public void AppendSilence(int count) => Extend(count).Clear();

    /// <summary>The samples of <c>[from, to)</c>; valid until the next change.</summary>
    public ReadOnlyMemory<float> Slice(long from, long to) => _samples.AsMemory(_offset + (int)(from - Start), (int)(to - from));

    public void DiscardBefore(long position)
    {
        var discarded = (int)Math.Clamp(position - Start, 0, _count);
        Start += discarded;
        _offset += discarded;
        _count -= discarded;
    }

    /// <summary>Forgets everything; the next sample lies at <paramref name="position"/>.</summary>
    public void JumpTo(long position)
    {
        Start = position;
        _offset = 0;
        _count = 0;
    }

    public void Dispose()
    {
        if (_samples.Length > 0)
            ArrayPool<float>.Shared.Return(_samples);
        _samples = [];
        _count = 0;
    }

    private Span<float> Extend(int count)
    {
        if (_offset + _count + count > _samples.Length)
            MakeRoom(count);
        var added = _samples.AsSpan(_offset + _count, count);
        _count += count;
        return added;
    }

    private void MakeRoom(int count)
    {
        var held = _samples.AsSpan(_offset, _count);

        // Moved to the front while that frees at least half; otherwise the next frames would move it again and again.
        if ((_count + count) * 2 <= _samples.Length)
        {
            held.CopyTo(_samples);
        }
        else
        {
            var larger = ArrayPool<float>.Shared.Rent((_count + count) * 2);
            held.CopyTo(larger);
            ArrayPool<float>.Shared.Return(_samples);
            _samples = larger;
        }

        _offset = 0;
    }
}
