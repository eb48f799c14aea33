using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference;

/// <summary>
/// Tensors of one row shape, allocated once for the largest batch and bound once for each batch size, so that a warm run allocates nothing of ours. Used by one
/// worker at a time. Where the inputs must be handed over anew (<see cref="ModelLoad.BindsOnce"/>), each run names the same tensors.
/// </summary>
internal sealed class BoundTensors : RunTensors
{
    private readonly RowShape[] _shapes;
    private readonly Array[] _inputs;
    private readonly float[][] _outputs;
    private readonly long[][] _outputShapes;
    private readonly int[] _outputRowLengths;
    private readonly float[] _stateIn = [];
    private readonly float[] _stateOut = [];
    private readonly Binding?[] _bindings;
    private int _tensorRows;

    /// <param name="row">A row of the shape; it is run once to learn the shapes of the outputs, and not written to.</param>
    public BoundTensors(OnnxModel model, BatchRow row)
        : base(model)
    {
        var capacity = TensorRows(model.Load, model.Load.MaxBatch);
        using (var passing = new PassingTensors(model, new ReadOnlySpan<BatchRow>(in row)))
            _outputShapes = passing.MeasureOutputs();
        var measuredRows = TensorRows(model.Load, 1);
        _outputRowLengths = [.. _outputShapes.Select(shape => (int)(shape.Aggregate(1L, (product, dimension) => product * dimension) / measuredRows))];

        _shapes = new RowShape[row.Inputs.Length];
        _inputs = new Array[row.Inputs.Length];
        for (var i = 0; i < _inputs.Length; i++)
        {
            _shapes[i] = row.Inputs[i].Shape;
            var length = _shapes[i].ElementCount * capacity;
            _inputs[i] = row.Inputs[i].IsInteger ? GC.AllocateArray<long>(length, pinned: true) : GC.AllocateArray<float>(length, pinned: true);
        }

        _outputs = [.. _outputRowLengths.Select(length => GC.AllocateArray<float>(length * capacity, pinned: true))];
        if (model.Load.State is { } state)
        {
            _stateIn = GC.AllocateArray<float>(state.RowShape.ElementCount * capacity, pinned: true);
            _stateOut = GC.AllocateArray<float>(state.RowShape.ElementCount * capacity, pinned: true);
        }

        _bindings = new Binding?[capacity + 1];
    }

    protected override ReadOnlySpan<float> StateOutput => _stateOut;

    public bool Fits(BatchRow row)
    {
        for (var i = 0; i < _shapes.Length; i++)
        {
            if (row.Inputs[i].Shape != _shapes[i])
                return false;
        }

        return true;
    }

    public void Run(ReadOnlySpan<BatchRow> rows)
    {
        _tensorRows = TensorRows(Model.Load, rows.Length);
        var binding = _bindings[_tensorRows] ??= Bind(_tensorRows);
        for (var r = 0; r < _tensorRows; r++)
            Gather(rows[Math.Min(r, rows.Length - 1)], r);
        binding.Run(Model);
        WriteResults(rows, _tensorRows);
    }

    public override void Dispose()
    {
        foreach (var binding in _bindings)
            binding?.Dispose();
    }

    protected override ReadOnlySpan<float> Output(int index) => _outputs[index].AsSpan(0, _outputRowLengths[index] * _tensorRows);

    private void Gather(BatchRow row, int rowIndex)
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            if (_inputs[i] is float[] floats)
                row.Inputs[i].Floats.Span.CopyTo(floats.AsSpan(rowIndex * row.Inputs[i].Floats.Length));
            else
                row.Inputs[i].Integers.Span.CopyTo(((long[])_inputs[i]).AsSpan(rowIndex * row.Inputs[i].Integers.Length));
        }

        if (Model.Load.State is { } state)
            BatchAxis.Gather<float>(row.State, _stateIn, rowIndex, _tensorRows, BatchAxis.OuterCount(state));
    }

    private Binding Bind(int rowCount)
    {
        var binding = new Binding(Model.Load.BindsOnce ? Model.Session.CreateIoBinding() : null);
        for (var i = 0; i < _inputs.Length; i++)
        {
            var shape = _shapes[i].ToTensorShape(rowCount);
            binding.Input(
                Model.Signature.Inputs[i],
                _inputs[i] is float[] floats ? Tensor(floats, shape, _shapes[i].ElementCount * rowCount) : Tensor((long[])_inputs[i], shape, _shapes[i].ElementCount * rowCount));
        }

        for (var i = 0; i < _outputs.Length; i++)
        {
            long[] shape = [.. _outputShapes[i]];
            if (Model.Load.MaxBatch > 1 || Model.Load.PadLoneRow)
                shape[0] = rowCount;
            binding.Output(Model.Signature.Outputs[i], Tensor(_outputs[i], shape, _outputRowLengths[i] * rowCount));
        }

        if (Model.Load.State is { } state)
        {
            var shape = state.RowShape.ToTensorShape(rowCount, state.BatchAxis);
            binding.Input(state.Input, Tensor(_stateIn, shape, state.RowShape.ElementCount * rowCount));
            binding.Output(state.Output, Tensor(_stateOut, shape, state.RowShape.ElementCount * rowCount));
        }

        for (var i = 0; i < Model.Constants.Count; i++)
            binding.Constant(Model.Load.Constants[i].Input, Model.Constants[i]);
        return binding;
    }

    private static OrtValue Tensor<T>(T[] array, long[] shape, int length)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, array.AsMemory(0, length), shape);

    /// <summary>The tensors of one batch size; views of the same arrays.</summary>
    private sealed class Binding(OrtIoBinding? bound) : IDisposable
    {
        private readonly List<string> _inputNames = [];
        private readonly List<OrtValue> _inputs = [];
        private readonly List<string> _outputNames = [];
        private readonly List<OrtValue> _outputs = [];
        private readonly List<OrtValue> _own = [];

        public void Input(string name, OrtValue value)
        {
            _own.Add(value);
            Constant(name, value);
        }

        /// <summary>An input that belongs to the model.</summary>
        public void Constant(string name, OrtValue value)
        {
            _inputNames.Add(name);
            _inputs.Add(value);
            bound?.BindInput(name, value);
        }

        public void Output(string name, OrtValue value)
        {
            _own.Add(value);
            _outputNames.Add(name);
            _outputs.Add(value);
            bound?.BindOutput(name, value);
        }

        public void Run(OnnxModel model)
        {
            if (bound is null)
                model.Session.Run(model.RunOptions, _inputNames, _inputs, _outputNames, _outputs);
            else
                model.Session.RunWithBinding(model.RunOptions, bound);
        }

        public void Dispose()
        {
            bound?.Dispose();
            foreach (var value in _own)
                value.Dispose();
        }
    }
}
