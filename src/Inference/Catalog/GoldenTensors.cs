using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MediaScore.Inference.Catalog;

/// <summary>Makes the input tensors of golden runs.</summary>
internal static class GoldenTensors
{
    /// <summary>The recipe for an input: its own, or that of the longest <c>prefix*</c> it begins with.</summary>
    public static GoldenInput? TryFind(IReadOnlyDictionary<string, GoldenInput> recipes, string input) => recipes.TryGetValue(input, out var own)
        ? own
        : recipes.Where(recipe => recipe.Key.EndsWith('*') && input.StartsWith(recipe.Key[..^1], StringComparison.Ordinal))
            .OrderByDescending(recipe => recipe.Key.Length)
            .Select(recipe => recipe.Value)
            .FirstOrDefault();

    /// <exception cref="NotSupportedException">An element type that no prepared graph has at its edge.</exception>
    public static OrtValue Create(GoldenInput recipe, TensorElementType type)
    {
        var numbers = new SeededNumbers(recipe.Seed);
        var values = new double[recipe.Shape.Aggregate(1, (product, extent) => product * extent)];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = recipe.Fill switch
            {
                GoldenFill.Uniform => recipe.Low + (numbers.NextUnit() * (recipe.High - recipe.Low)),
                GoldenFill.UniformInteger => Math.Floor(recipe.Low + (numbers.NextUnit() * (recipe.High - recipe.Low))),
                _ => recipe.Low,
            };
        }

        long[] shape = [.. recipe.Shape.Select(extent => (long)extent)];
        return type switch
        {
            TensorElementType.Float => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (float)value), shape),
            TensorElementType.Int64 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (long)value), shape),
            TensorElementType.Int32 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (int)value), shape),
            TensorElementType.Bool => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => value != 0), shape),
            _ => throw new NotSupportedException($"Golden inputs of type {type} are not made."),
        };
    }
}
