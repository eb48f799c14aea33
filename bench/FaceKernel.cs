using MediaScore.Inference;

namespace MediaScore.Benchmarks;

/// <summary>One of the models that see a face on a key frame, as the product runs it: one picture at a time.</summary>
/// <param name="ModelId">Its folder among the prepared models.</param>
/// <param name="Shape">Of a row of its input.</param>
/// <param name="Outputs">Those that the product asks for: name, and values a row.</param>
internal sealed record FaceKernel(string ModelId, string Input, RowShape Shape, params (string Name, int Length)[] Outputs)
{
    /// <summary>In the order in which a face passes through them.</summary>
    public static IReadOnlyList<FaceKernel> All { get; } =
    [
        new("blazeface", "input", new RowShape(256, 256, 3), ("Identity", 512), ("Identity_1", 384), ("Identity_2", 512 * 16), ("Identity_3", 384 * 16)),
        new("face-mesh", "input_1", new RowShape(192, 192, 3), ("Identity_1", 1), ("Identity_2", 468 * 3)),
        new("iris", "input_1", new RowShape(64, 64, 3), ("Identity", 76 * 3)),
        new("head-pose", "input", new RowShape(3, 224, 224), ("output", 66), ("617", 66), ("618", 66)),
    ];

    /// <summary>Loads it into the pool.</summary>
    /// <returns>Runs it once and waits for it.</returns>
    public Func<Task> Open(InferencePool pool)
    {
        var model = pool.Load(new ModelLoad(ModelId, BenchmarkModels.Find(ModelId)) { Inputs = [Input], Outputs = [.. Outputs.Select(output => output.Name)] });
        RowInput[] inputs = [new RowInput(BenchmarkModels.Noise(Shape.ElementCount, 1), Shape)];
        Memory<float>[] outputs = [.. Outputs.Select(output => (Memory<float>)new float[output.Length])];
        return async () => await pool.RunAsync(model, inputs, outputs, RequestClass.Live);
    }
}
