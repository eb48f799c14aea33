using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference;

/// <summary>
/// Tensors made for one run: a lone row is read where the caller has it, several are gathered into rented arrays, and ONNX Runtime allocates the outputs.
/// </summary>
internal sealed class PassingTensors : RunTensors
{
    private readonly BatchRow[] _rows;
    private readonly int _tensorRows;
    private readonly List<OrtValue> _values = [];
    private readonly List<string> _names = [];
    private readonly List<float[]> _rentedFloats = [];
    private readonly List<long[]> _rentedIntegers = [];
    private IDisposableReadOnlyCollection<OrtValue>? _results;

    public PassingTensors(OnnxModel model, ReadOnlySpan<BatchRow> rows)
        : base(model)
    {
        _rows = rows.ToArray();
        _tensorRows = TensorRows(model.Load, rows.Length);
        for (var i = 0; i < model.Signature.Inputs.Length; i++)
            AddInput(i);
        if (model.Load.State is { } state)
            AddState(state);
    }

    protected override ReadOnlySpan<float> StateOutput => _results![Model.Signature.Outputs.Length].GetTensorDataAsSpan<float>();

    public void Run()
    {
        RunModel();
        WriteResults(_rows, _tensorRows);
    }

    /// <summary>Runs the rows for the shapes of their outputs alone, the batch axis included; the rows are not written to.</summary>
    public long[][] MeasureOutputs()
    {
        RunModel();
        var shapes = new long[Model.Signature.Outputs.Length][];
        for (var i = 0; i < shapes.Length; i++)
        {
            shapes[i] = _results![i].GetTensorTypeAndShape().Shape;
            if (Model.Load.MaxBatch > 1 && (shapes[i].Length == 0 || shapes[i][0] != _tensorRows))
            {
                throw new InferenceFailedException(
                    Model.Load.Name,
                    $"output '{Model.Signature.Outputs[i]}' of {_tensorRows} rows is [{string.Join(", ", shapes[i])}]: the batch axis must come first, or MaxBatch be 1.");
            }
        }

        return shapes;
    }

    public override void Dispose()
    {
        _results?.Dispose();
        foreach (var value in _values)
            value.Dispose();
        foreach (var rented in _rentedFloats)
            ArrayPool<float>.Shared.Return(rented);
        foreach (var rented in _rentedIntegers)
            ArrayPool<long>.Shared.Return(rented);
    }

    protected override ReadOnlySpan<float> Output(int index) => _results![index].GetTensorDataAsSpan<float>();

    private void RunModel()
    {
        var load = Model.Load;
        string[] inputNames = [.. _names, .. load.Constants.Select(constant => constant.Input)];
        OrtValue[] inputs = [.. _values, .. Model.Constants];
        string[] outputNames = load.State is { } state ? [.. Model.Signature.Outputs, state.Output] : Model.Signature.Outputs;
        _results = Model.Session.Run(Model.RunOptions, inputNames, inputs, outputNames);
    }

    private void AddInput(int index)
    {
        var first = _rows[0].Inputs[index];
        _names.Add(Model.Signature.Inputs[index]);
        var shape = first.Shape.ToTensorShape(_tensorRows);
        if (first.IsInteger)
        {
            Add(_tensorRows == 1 ? MemoryMarshal.AsMemory(first.Integers) : GatherIntegers(index), shape);
            return;
        }

        Add(_tensorRows == 1 ? MemoryMarshal.AsMemory(first.Floats) : GatherFloats(index), shape);
    }

    private void AddState(RecurrentState state)
    {
        var length = state.RowShape.ElementCount * _tensorRows;
        var tensor = ArrayPool<float>.Shared.Rent(length);
        _rentedFloats.Add(tensor);
        for (var r = 0; r < _tensorRows; r++)
            BatchAxis.Gather<float>(Row(r).State, tensor, r, _tensorRows, BatchAxis.OuterCount(state));
        _names.Add(state.Input);
        Add(tensor.AsMemory(0, length), state.RowShape.ToTensorShape(_tensorRows, state.BatchAxis));
    }

    private Memory<float> GatherFloats(int index)
    {
        var rowLength = _rows[0].Inputs[index].Floats.Length;
        var tensor = ArrayPool<float>.Shared.Rent(rowLength * _tensorRows);
        _rentedFloats.Add(tensor);
        for (var r = 0; r < _tensorRows; r++)
            Row(r).Inputs[index].Floats.Span.CopyTo(tensor.AsSpan(r * rowLength));
        return tensor.AsMemory(0, rowLength * _tensorRows);
    }

    private Memory<long> GatherIntegers(int index)
    {
        var rowLength = _rows[0].Inputs[index].Integers.Length;
        var tensor = ArrayPool<long>.Shared.Rent(rowLength * _tensorRows);
        _rentedIntegers.Add(tensor);
        for (var r = 0; r < _tensorRows; r++)
            Row(r).Inputs[index].Integers.Span.CopyTo(tensor.AsSpan(r * rowLength));
        return tensor.AsMemory(0, rowLength * _tensorRows);
    }

    /// <summary>The row behind a row of the tensors: a padded row repeats the last.</summary>
    private BatchRow Row(int tensorRow) => _rows[Math.Min(tensorRow, _rows.Length - 1)];

    private void Add<T>(Memory<T> memory, long[] shape)
        where T : unmanaged =>
        _values.Add(OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape));
}
