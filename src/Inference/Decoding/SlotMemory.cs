using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MediaScore.Inference.Decoding;

/// <summary>
/// Native memory with one row a slot. Outside the managed heap because it is reserved for the worst case and mostly never touched: untouched pages cost nothing
/// there. Not thread-safe.
/// </summary>
internal sealed class SlotMemory<T> : IDisposable
    where T : unmanaged
{
    private readonly int _rowLength;

    // Only for its span over native memory.
    private readonly OrtValue _all;
    private IntPtr _memory;

    public SlotMemory(int rowCount, int rowLength)
    {
        _rowLength = rowLength;
        var length = checked((nint)rowCount * rowLength * Marshal.SizeOf<T>());
        _memory = Marshal.AllocHGlobal(length);
        var type = typeof(T) == typeof(float) ? TensorElementType.Float : TensorElementType.Int8;
        _all = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, [rowCount, rowLength], _memory, length);
    }

    public Span<T> Row(int slot) => _all.GetTensorMutableDataAsSpan<T>().Slice(slot * _rowLength, _rowLength);

    public void Dispose()
    {
        if (_memory == IntPtr.Zero)
            return;
        _all.Dispose();
        Marshal.FreeHGlobal(_memory);
        _memory = IntPtr.Zero;
    }
}
