using System.Runtime.InteropServices;
using Google.Protobuf;
using MediaScore.Inference.Graphs.Moonshine;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MediaScore.Inference.Tests.Graphs.Moonshine;

/// <summary>A file that an operator put there and that is not the export: every lack is an <see cref="InvalidDataException"/> that names the weights.</summary>
public sealed class PackagedTensorsTests
{
    [Fact]
    public void A_matrix_is_read_with_its_scale_and_zero_point()
    {
        var matrix = new PackagedTensors(Matrix()).Matrix("m");

        matrix.ToFloats().ShouldBe([-1f, -0.5f, 0f, 0.5f, 1f, 1.5f]);
    }

    [Fact]
    public void Two_weights_of_one_name_are_refused()
    {
        var graph = Matrix();
        graph.Initializer.Add(graph.Initializer[0].Clone());

        Refusal(() => new PackagedTensors(graph)).ShouldContain("two weights m_quantized");
    }

    [Fact]
    public void Fewer_bytes_than_the_shape_are_refused()
    {
        var graph = Matrix();
        graph.Initializer[0].RawData = ByteString.CopyFrom(new byte[5]);

        Refusal(() => new PackagedTensors(graph).Matrix("m")).ShouldContain("m_quantized hold 5 numbers, not the 6");
    }

    [Fact]
    public void A_matrix_with_no_zero_point_or_one_a_column_is_refused()
    {
        var graph = Matrix();
        graph.Initializer[2].Dims[0] = 0;
        graph.Initializer[2].RawData = ByteString.Empty;
        Refusal(() => new PackagedTensors(graph).Matrix("m")).ShouldContain("quantised as a whole");

        graph.Initializer[2].Dims[0] = 2;
        graph.Initializer[2].RawData = ByteString.CopyFrom(new byte[2]);
        Refusal(() => new PackagedTensors(graph).Matrix("m")).ShouldContain("quantised as a whole");
    }

    [Fact]
    public void Floats_that_are_no_whole_number_of_four_bytes_or_too_few_are_refused()
    {
        var graph = Matrix();
        graph.Initializer[1].RawData = ByteString.CopyFrom(new byte[3]);

        Refusal(() => new PackagedTensors(graph).Floats("m_scale")).ShouldContain("m_scale");
        Refusal(() => new PackagedTensors(Matrix()).Floats("m_scale", length: 8)).ShouldContain("1 numbers, not 8");
    }

    [Fact]
    public void Weights_of_another_rank_are_refused() => Refusal(() => new PackagedTensors(Matrix()).Shape("m_quantized", rank: 3)).ShouldContain("[2, 3], not 3 extents");

    [Fact]
    public void An_offset_beyond_a_byte_is_refused()
    {
        var package = new SmallEncoder().Package;
        var offset = package.Graph.Initializer.Single(tensor => tensor.Name == "conv2.weight_zero_point");
        offset.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>([-300 * SmallEncoder.Scale]));

        Refusal(() => new MoonshineEncoderWeights(package).Convolution(2)).ShouldContain("conv2.weight");
    }

    private static string Refusal(Action read) => Should.Throw<InvalidDataException>(read).Message;

    private static string Refusal(Func<object> read) => Should.Throw<InvalidDataException>(() => { read(); }).Message;

    /// <summary>2 by 3 bytes from 126 on, in halves, zero at 128.</summary>
    private static GraphProto Matrix() => new()
    {
        Initializer =
        {
            new TensorProto { Name = "m_quantized", DataType = (int)DataType.Uint8, Dims = { 2, 3 }, RawData = ByteString.CopyFrom(126, 127, 128, 129, 130, 131) },
            new TensorProto { Name = "m_scale", DataType = (int)DataType.Float, Dims = { 1 }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>([0.5f])) },
            new TensorProto { Name = "m_zero_point", DataType = (int)DataType.Uint8, Dims = { 1 }, RawData = ByteString.CopyFrom(128) },
        },
    };
}
