using System.Runtime.InteropServices;
using System.Text.Json;

namespace MediaScore.Inference.Graphs.Tfjs;

/// <summary>Decodes the weights of a TensorFlow.js model: little-endian values, one tensor after the other in the order of the manifest.</summary>
internal static class TfjsWeights
{
    /// <exception cref="InvalidDataException">Sizes do not match, or a type or quantisation other than float32, int32 and float16.</exception>
    public static Dictionary<string, TfjsTensor> Decode(JsonElement manifest, ReadOnlySpan<byte> bytes)
    {
        var tensors = new Dictionary<string, TfjsTensor>();
        var offset = 0;
        foreach (var weight in manifest.EnumerateArray().SelectMany(group => group.GetProperty("weights").EnumerateArray()))
        {
            var name = weight.GetProperty("name").GetString()!;
            int[] shape = [.. weight.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32())];
            var type = weight.GetProperty("dtype").GetString();
            var stored = weight.TryGetProperty("quantization", out var quantization) ? quantization.GetProperty("dtype").GetString() : type;
            var length = checked(shape.Aggregate(1, (product, extent) => product * extent) * (stored == "float16" ? sizeof(ushort) : sizeof(float)));
            if (length > bytes.Length - offset)
                throw new InvalidDataException($"weight '{name}' ends at byte {(long)offset + length} of {bytes.Length}");
            var values = bytes.Slice(offset, length);
            tensors[name] = (type, stored) switch
            {
                ("float32", "float32") => new TfjsTensor(shape, MemoryMarshal.Cast<byte, float>(values).ToArray(), null),
                ("float32", "float16") => new TfjsTensor(shape, Widen(MemoryMarshal.Cast<byte, Half>(values)), null),
                ("int32", "int32") => new TfjsTensor(shape, null, MemoryMarshal.Cast<byte, int>(values).ToArray()),
                _ => throw new InvalidDataException($"weight '{name}' is {type} stored as {stored}, which is not read"),
            };
            offset += length;
        }

        if (offset != bytes.Length)
            throw new InvalidDataException($"the manifest describes {offset} bytes of weights, the file has {bytes.Length}");
        return tensors;
    }

    private static float[] Widen(ReadOnlySpan<Half> values)
    {
        var wide = new float[values.Length];
        for (var index = 0; index < wide.Length; index++)
            wide[index] = (float)values[index];
        return wide;
    }
}
