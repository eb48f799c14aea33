using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MediaScore.Inference;

/// <summary>The names of a loaded file, sorted into what callers pass, what is constant and what is state.</summary>
internal sealed class OnnxSignature
{
    private OnnxSignature(string[] inputs, string[] outputs, bool[] inputIsInteger) => (Inputs, Outputs, InputIsInteger) = (inputs, outputs, inputIsInteger);

    public string[] Inputs { get; }

    public string[] Outputs { get; }

    /// <summary>One an input: <c>int64</c> rather than float.</summary>
    public bool[] InputIsInteger { get; }

    /// <exception cref="InferenceFailedException">A name is not in the file, or a tensor has a type that rows cannot carry.</exception>
    public static OnnxSignature Read(ModelLoad load, InferenceSession session)
    {
        foreach (var constant in load.Constants)
            Find(load, session.InputMetadata, constant.Input, "input");
        if (load.State is { } state)
        {
            Find(load, session.InputMetadata, state.Input, "input");
            Find(load, session.OutputMetadata, state.Output, "output");
            if (state.BatchAxis is < 0 or > 1 || state.BatchAxis > state.RowShape.Rank)
                throw new InferenceFailedException(load.Name, $"the batch axis of state '{state.Input}' is {state.BatchAxis}, not 0 or 1.");
        }

        var inputs = load.Inputs?.ToArray()
            ?? [.. session.InputNames.Where(name => name != load.State?.Input && load.Constants.All(constant => constant.Input != name))];
        var outputs = load.Outputs?.ToArray() ?? [.. session.OutputNames.Where(name => name != load.State?.Output)];
        var isInteger = new bool[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            var type = Find(load, session.InputMetadata, inputs[i], "input").ElementDataType;
            isInteger[i] = type switch
            {
                TensorElementType.Int64 => true,
                TensorElementType.Float => false,
                _ => throw new InferenceFailedException(load.Name, $"input '{inputs[i]}' is {type}; rows carry Float and Int64."),
            };
        }

        foreach (var output in outputs)
        {
            if (Find(load, session.OutputMetadata, output, "output").ElementDataType is var type and not TensorElementType.Float)
                throw new InferenceFailedException(load.Name, $"output '{output}' is {type}; rows carry Float.");
        }

        return new OnnxSignature(inputs, outputs, isInteger);
    }

    private static NodeMetadata Find(ModelLoad load, IReadOnlyDictionary<string, NodeMetadata> nodes, string name, string kind) =>
        nodes.TryGetValue(name, out var node)
            ? node
            : throw new InferenceFailedException(load.Name, $"{load.Path} has no {kind} '{name}'; it has {string.Join(", ", nodes.Keys)}.");
}
