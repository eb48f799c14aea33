using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MediaScore.Inference.Tests.Graphs;

/// <summary>An input of a graph whose batch axis is filled row by row.</summary>
/// <param name="Name">Name in the graph.</param>
/// <param name="Shape">Of the whole batch, -1 for the rows.</param>
/// <param name="Low">Smallest value.</param>
/// <param name="High">Upper bound, not reached. Equal to <paramref name="Low"/> for a constant.</param>
internal sealed record RowInputRange(string Name, int[] Shape, double Low, double High)
{
    public int BatchAxis => Array.IndexOf(Shape, -1);
}

/// <summary>Runs chosen rows of a fixed set through a graph and gives each row's outputs apart.</summary>
internal sealed class GraphRows(InferenceSession session, IReadOnlyList<RowInputRange> inputs, IReadOnlyDictionary<string, int> outputBatchAxes)
{
    /// <returns>For each row, its bytes of every output, one output after the other.</returns>
    public byte[][] Run(params int[] rows)
    {
        var feeds = inputs.ToDictionary(input => input.Name, input => Feed(input, rows));
        try
        {
            using var options = new RunOptions();
            using var results = session.Run(options, feeds, session.OutputNames);
            var parts = session.OutputNames.Zip(results, (name, value) => Split(value, outputBatchAxes.GetValueOrDefault(name), rows.Length)).ToList();
            return [.. Enumerable.Range(0, rows.Length).Select(row => parts.SelectMany(part => part[row]).ToArray())];
        }
        finally
        {
            foreach (var feed in feeds.Values)
                feed.Dispose();
        }
    }

    private OrtValue Feed(RowInputRange input, int[] rows)
    {
        var axis = input.BatchAxis;
        long[] shape = [.. input.Shape.Select(extent => extent < 0 ? (long)rows.Length : extent)];
        var total = (int)shape.Aggregate(1L, (product, extent) => product * extent);
        var values = new double[total];
        if (axis < 0)
        {
            Array.Fill(values, input.Low);
        }
        else
        {
            var inner = (int)shape[(axis + 1)..].Aggregate(1L, (product, extent) => product * extent);
            var outer = total / inner / rows.Length;
            for (var row = 0; row < rows.Length; row++)
            {
                // A row's numbers depend on the row and the input only, never on the batch.
                var random = new Random((rows[row] * 7919) + input.Name.Length);
                for (var block = 0; block < outer; block++)
                {
                    var start = ((block * rows.Length) + row) * inner;
                    for (var index = 0; index < inner; index++)
                        values[start + index] = input.Low + (random.NextDouble() * (input.High - input.Low));
                }
            }
        }

        return session.InputMetadata[input.Name].ElementDataType == TensorElementType.Int64
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (long)value), shape)
            : OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (float)value), shape);
    }

    private static byte[][] Split(OrtValue value, int axis, int rows)
    {
        var shape = value.GetTensorTypeAndShape().Shape;
        shape[axis].ShouldBe(rows);
        var bytes = value.GetTensorDataAsSpan<byte>().ToArray();
        var inner = (int)shape[(axis + 1)..].Aggregate((long)sizeof(float), (product, extent) => product * extent);
        var outer = bytes.Length / inner / rows;
        return [.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, outer).SelectMany(block => bytes[((((block * rows) + row) * inner))..((((block * rows) + row) * inner) + inner)]).ToArray())];
    }
}
