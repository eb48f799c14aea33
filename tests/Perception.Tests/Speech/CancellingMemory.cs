using System.Buffers;

namespace MediaScore.Perception.Tests.Speech;

/// <summary>A caller's buffer that cancels the call while it is written: in the middle of many steps, whatever the machine's pace.</summary>
internal sealed class CancellingMemory : MemoryManager<float>
{
    private readonly CancellationTokenSource _cancellation;
    private int _readsLeft;

    /// <param name="afterReads">Spans taken before it cancels; a step takes one or two.</param>
    public CancellingMemory(int length, CancellationTokenSource cancellation, int afterReads)
    {
        (_cancellation, _readsLeft) = (cancellation, afterReads);
        Values = new float[length];
        Array.Fill(Values, float.NaN);
    }

    public float[] Values { get; }

    public override Memory<float> Memory => CreateMemory(Values.Length);

    public override Span<float> GetSpan()
    {
        if (--_readsLeft == 0)
            _cancellation.Cancel();
        return Values;
    }

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
