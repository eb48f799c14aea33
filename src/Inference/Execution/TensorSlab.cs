using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MediaScore.Inference;

/// <summary>
/// Native memory of a tensor with one row a slot, and tensors over its first rows. Outside the managed heap because it is reserved for the worst case and mostly
/// never touched: untouched pages cost nothing there.
/// </summary>
internal sealed class TensorSlab<T> : IDisposable
    where T : unmanaged
{
    private readonly int _rowLength;
    private readonly int _elementSize;
    private readonly OrtValue _all;
    private IntPtr _memory;

    /// <param name="name">Of the tensor in the graph.</param>
    /// <param name="rowShape">Without the slot axis; empty for one value a slot.</param>
    public TensorSlab(string name, int rowCount, int[] rowShape)
    {
        (Name, RowShape) = (name, rowShape);
        _rowLength = rowShape.Aggregate(1, (product, extent) => checked(product * extent));
        _elementSize = Marshal.SizeOf<T>();
        _memory = Marshal.AllocHGlobal(checked((nint)rowCount * _rowLength * _elementSize));
        _all = FirstRowsView(rowCount);
    }

    public string Name { get; }

    public int[] RowShape { get; }

    public Span<T> Row(int slot) => _all.GetTensorMutableDataAsSpan<T>().Slice(slot * _rowLength, _rowLength);

    /// <summary>A tensor over the first slots; it must be disposed before the slab.</summary>
    public OrtValue FirstRowsView(int count) => View(_memory, [count, .. RowShape.Select(extent => (long)extent)]);

    /// <summary>A tensor of any shape that fits, over the whole memory.</summary>
    public OrtValue ReshapedView(long[] shape) => View(_memory, shape);

    /// <summary>A tensor without dimensions over one slot of one value.</summary>
    public OrtValue ScalarView(int slot) => View(_memory + (slot * _elementSize), []);

    public void Dispose()
    {
        if (_memory == IntPtr.Zero)
            return;
        _all.Dispose();
        Marshal.FreeHGlobal(_memory);
        _memory = IntPtr.Zero;
    }

    private OrtValue View(IntPtr memory, long[] shape)
    {
        var type = typeof(T) == typeof(float) ? TensorElementType.Float : typeof(T) == typeof(int) ? TensorElementType.Int32 : TensorElementType.Int64;
        var length = shape.Aggregate(1L, (product, extent) => product * extent);
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, memory, length * _elementSize);
    }
}
