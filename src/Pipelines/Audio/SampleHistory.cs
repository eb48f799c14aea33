namespace MediaScore.Pipelines.Audio;

/// <summary>
/// The latest samples of one interview, addressed by their position on its clock (16 kHz). A second of room is its own; while an utterance runs that is longer, it borrows
/// from <see cref="UtteranceBuffers"/>, and gives back when it has ended: what all interviews hold is the sound of those who speak just then, however long
/// they last. Nothing is allocated per frame. Not thread-safe.
/// </summary>
internal sealed class SampleHistory : IDisposable
{
    private readonly float[] _own = new float[1 << 14];
    private float[] _samples;
    private int _offset;
    private int _count;

    public SampleHistory() => _samples = _own;

    /// <summary>Position of the first sample held.</summary>
    public long Start { get; private set; }

    /// <summary>Position after the last sample held.</summary>
    public long End => Start + _count;

    public void Append(ReadOnlySpan<float> samples) => samples.CopyTo(Extend(samples.Length));

    /// <summary>Samples there is room for without moving any.</summary>
    internal int Capacity => _samples.Length;

    public void AppendSilence(int count) => Extend(count).Clear();

    /// <summary>The samples of <c>[from, to)</c>; valid until the next change.</summary>
    public ReadOnlyMemory<float> Slice(long from, long to) => _samples.AsMemory(_offset + (int)(from - Start), (int)(to - from));

    public void DiscardBefore(long position)
    {
        var discarded = (int)Math.Clamp(position - Start, 0, _count);
        Start += discarded;
        _offset += discarded;
        _count -= discarded;

        // Half of it, so that what waits around a pause does not borrow again at once.
        if (_samples != _own && _count <= _own.Length / 2)
            Exchange(_own);
    }

    /// <summary>Forgets everything; the next sample lies at <paramref name="position"/>.</summary>
    public void JumpTo(long position)
    {
        Start = position;
        _offset = 0;
        _count = 0;
        if (_samples != _own)
            Exchange(_own);
    }

    public void Dispose() => JumpTo(0);

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
        // Moved to the front while that frees at least half; otherwise the next frames would move it again and again.
        if ((_count + count) * 2 <= _samples.Length)
        {
            _samples.AsSpan(_offset, _count).CopyTo(_samples);
            _offset = 0;
        }
        else
        {
            Exchange(UtteranceBuffers.Rent(Math.Max(_samples.Length * 2, _count + count)));
        }
    }

    private void Exchange(float[] samples)
    {
        _samples.AsSpan(_offset, _count).CopyTo(samples);
        if (_samples != _own)
            UtteranceBuffers.Return(_samples);
        _samples = samples;
        _offset = 0;
    }
}
