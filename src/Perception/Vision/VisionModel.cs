using System.Buffers;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;

namespace MediaScore.Perception.Vision;

/// <summary>One vision model in the pool: a picture in, some float tensors out.</summary>
internal sealed class VisionModel
{
    private readonly InferencePool _pool;
    private readonly ModelHandle _handle;
    private readonly RowShape _inputShape;
    private readonly int[] _outputLengths;

    /// <summary>Loads the model into the pool.</summary>
    /// <param name="outputs">Names and lengths of a row of each output wanted.</param>
    internal VisionModel(InferencePool pool, PreparedModel model, string input, RowShape inputShape, params (string Name, int Length)[] outputs)
    {
        _pool = pool;
        _inputShape = inputShape;
        _outputLengths = [.. outputs.Select(output => output.Length)];
        Identity = new ModelIdentity(model.Id, model.Version);
        _handle = pool.Load(new ModelLoad(model.Id, model.GraphPath)
        {
            MaxBatch = model.Description.MaxBatch,
            PadLoneRow = model.Description.MinBatch > 1,
            Inputs = [input],
            Outputs = [.. outputs.Select(output => output.Name)],
            WarmShape = [inputShape],
        });
    }

    internal ModelIdentity Identity { get; }

    /// <summary>Buffers for one run; the caller fills <see cref="Run.Input"/>, awaits it, reads the outputs and disposes it.</summary>
    internal Run Begin() => new(this);

    /// <summary>One run's pooled buffers.</summary>
    internal sealed class Run : IDisposable
    {
        private readonly VisionModel _model;
        private readonly float[] _input;
        private readonly Memory<float>[] _outputs;
        private readonly float[][] _rented;

        internal Run(VisionModel model)
        {
            _model = model;
            _input = ArrayPool<float>.Shared.Rent(model._inputShape.ElementCount);
            _rented = [.. model._outputLengths.Select(ArrayPool<float>.Shared.Rent)];
            _outputs = [.. _rented.Select((array, index) => array.AsMemory(0, model._outputLengths[index]))];
        }

        /// <summary>Row-major, in the model's shape.</summary>
        internal Span<float> Input => _input.AsSpan(0, _model._inputShape.ElementCount);

        internal ReadOnlySpan<float> Output(int index) => _outputs[index].Span;

        internal ValueTask<RunOutcome> ExecuteAsync(RequestClass requestClass, CancellationToken cancellationToken) => _model._pool.RunAsync(
            _model._handle,
            new[] { new RowInput(_input.AsMemory(0, _model._inputShape.ElementCount), _model._inputShape) },
            _outputs,
            requestClass,
            deadline: null,
            cancellationToken);

        public void Dispose()
        {
            ArrayPool<float>.Shared.Return(_input);
            foreach (var array in _rented)
                ArrayPool<float>.Shared.Return(array);
        }
    }
}
