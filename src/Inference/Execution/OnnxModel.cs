using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference;

/// <summary>
/// One ONNX Runtime session. Row shapes that come again run in tensors that were allocated and bound once (<see cref="BoundTensors"/>); shapes that vary run in
/// tensors made for the run (<see cref="PassingTensors"/>).
/// </summary>
internal sealed class OnnxModel : IBatchModel
{
    // Row shapes kept bound. More than this means that the shapes do vary, whatever the load said.
    private const int MaxBoundShapes = 4;

    private readonly Lock _gate = new();
    private readonly List<BoundTensors> _idle = [];
    private readonly List<BoundTensors> _all = [];
    private readonly int _maxBound;
    private readonly RunOptions _runOptions = new();
    private readonly OrtValue[] _constants;
    private bool _disposed;

    /// <param name="concurrency">Workers that may run it at once.</param>
    public OnnxModel(ModelLoad load, int concurrency)
    {
        Load = load;
        _maxBound = MaxBoundShapes * concurrency;
        try
        {
            Session = OnnxSessions.Open(load.Path, load.VaryingShapes);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InferenceFailedException(load.Name, $"{load.Path} could not be loaded: {exception.Message}", exception);
        }

        try
        {
            Signature = OnnxSignature.Read(load, Session);
            _constants = [.. load.Constants.Select(constant => OrtValue.CreateTensorValueFromMemory(constant.Values.ToArray(), [.. constant.Shape]))];
            Warm();
        }
        catch
        {
            Session.Dispose();
            throw;
        }
    }

    public ModelLoad Load { get; }

    public OnnxSignature Signature { get; }

    internal InferenceSession Session { get; }

    internal RunOptions RunOptions => _runOptions;

    internal IReadOnlyList<OrtValue> Constants => _constants;

    public void Run(ReadOnlySpan<BatchRow> rows)
    {
        var bound = Load.VaryingShapes ? null : Rent(rows[0]);
        if (bound is null)
        {
            using var passing = new PassingTensors(this, rows);
            passing.Run();
            return;
        }

        try
        {
            bound.Run(rows);
        }
        finally
        {
            Return(bound);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (var bound in _all)
                bound.Dispose();
            _all.Clear();
            _idle.Clear();
        }

        foreach (var constant in _constants)
            constant.Dispose();
        _runOptions.Dispose();
        Session.Dispose();
    }

    private BoundTensors? Rent(BatchRow row)
    {
        lock (_gate)
        {
            for (var i = _idle.Count - 1; i >= 0; i--)
            {
                if (!_idle[i].Fits(row))
                    continue;
                var found = _idle[i];
                _idle.RemoveAt(i);
                return found;
            }

            if (_all.Count >= _maxBound)
                return null;
        }

        // Outside the lock: the first run of a shape finds out the lengths of the outputs.
        var made = new BoundTensors(this, row);
        lock (_gate)
            _all.Add(made);
        return made;
    }

    private void Return(BoundTensors bound)
    {
        lock (_gate)
            _idle.Add(bound);
    }

    private void Warm()
    {
        if (Load.WarmShape is not { } shapes)
            return;
        var inputs = new RowInput[Signature.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = Signature.InputIsInteger[i]
                ? new RowInput(new long[shapes[i].ElementCount], shapes[i])
                : new RowInput(new float[shapes[i].ElementCount], shapes[i]);
        }

        var rows = new BatchRow[Load.MaxBatch];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new BatchRow { State = Load.State is { } state ? new float[state.RowShape.ElementCount] : null };
            rows[i].SetBuffers(inputs, []);
        }

        Run(rows.AsSpan(0, 1));
        Run(rows);
    }
}
