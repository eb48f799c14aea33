using System.Text.Json.Nodes;
using Google.Protobuf;
using MediaScore.Inference.Graphs.Tfjs;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference.Tests.Graphs.Tfjs;

/// <summary>Each kind of operation on numbers that can be checked by hand; whole networks are compared in <see cref="BlazeFaceConversionTests"/>.</summary>
public sealed class TfjsConverterTests
{
    private readonly TfjsModelText _model = new();

    [Fact]
    public void Elementwise_operations_take_tensors_and_constants()
    {
        _model.Input("x", 1, 4);
        _model.Weights("two", [1, 4], 2, 2, 2, 2);
        _model.Node("sum", "AddV2", ["x", "two"]);
        _model.Node("product", "Mul", ["sum", "two"]);
        _model.Node("most", "Minimum", ["product", "limit"]);
        _model.Weights("limit", [1, 4], 7, 7, 7, 7);
        _model.Node("least", "Maximum", ["most", "two"]);
        _model.Node("y", "Relu", ["least"]);

        Run("y", [1, 4], -5, 0, 1, 9).ShouldBe([2, 4, 6, 7]);
    }

    [Fact]
    public void A_convolution_reads_its_kernel_channels_last_and_pads_at_the_end()
    {
        // Two channels in, one out, kernel 2 x 1 (height x width): y[r] = x[r, 0] + 10 * x[r + 1, 1] + 100, a row of zeros below the last.
        _model.Input("x", 1, 3, 1, 2);
        _model.Weights("kernel", [2, 1, 2, 1], 1, 0, 0, 10);
        _model.Weights("bias", [1], 100);
        _model.Convolution("y", "_FusedConv2D", ["x", "kernel", "bias"], "SAME", 1, "BiasAdd");

        Run("y", [1, 3, 1, 2], 1, 2, 3, 4, 5, 6).ShouldBe([141, 163, 105]);
    }

    [Fact]
    public void A_strided_convolution_without_padding_drops_what_is_left_over()
    {
        _model.Input("x", 1, 1, 5, 1);
        _model.Weights("kernel", [1, 2, 1, 1], 1, 1);
        _model.Weights("bias", [1], -4);
        _model.Convolution("y", "_FusedConv2D", ["x", "kernel", "bias"], "VALID", 2, "BiasAdd", "Relu");

        // The kernel is one row high, so the stride of two over the single row has no effect there.
        Run("y", [1, 1, 5, 1], 1, 2, 3, 4, 5).ShouldBe([0, 3]);
    }

    [Fact]
    public void A_plain_convolution_has_no_bias()
    {
        _model.Input("x", 1, 1, 1, 2);
        _model.Weights("kernel", [1, 1, 2, 3], 1, 2, 3, 10, 20, 30);
        _model.Convolution("y", "Conv2D", ["x", "kernel"], "VALID", 1);

        Run("y", [1, 1, 1, 2], 1, 1).ShouldBe([11, 22, 33]);
    }

    [Fact]
    public void A_depthwise_convolution_keeps_channels_apart_and_multiplies_them_in_order()
    {
        // Two channels, multiplier two: outputs are channel 0 by 1 and 2, then channel 1 by 3 and 4.
        _model.Input("x", 1, 1, 1, 2);
        _model.Weights("kernel", [1, 1, 2, 2], 1, 2, 3, 4);
        _model.Convolution("y", "DepthwiseConv2dNative", ["x", "kernel"], "SAME", 1);

        Run("y", [1, 1, 1, 2], 10, 100).ShouldBe([10, 20, 300, 400]);
    }

    [Fact]
    public void A_slope_belongs_to_its_channel_alone_or_fused()
    {
        _model.Input("x", 1, 1, 2, 2);
        _model.Weights("slopes", [1, 1, 2], 0.5f, 0.25f);
        _model.Node("y", "Prelu", ["x", "slopes"]);
        Run("y", [1, 1, 2, 2], -4, -4, 4, 4).ShouldBe([-2, -1, 4, 4]);

        var fused = new TfjsConverterTests();
        fused._model.Input("x", 1, 1, 1, 1);
        fused._model.Weights("kernel", [1, 1, 1, 2], 1, -1);
        fused._model.Weights("bias", [2], 0, 0);
        fused._model.Weights("slopes", [1, 1, 2], 0.5f, 0.25f);
        fused._model.Convolution("y", "_FusedConv2D", ["x", "kernel", "bias", "slopes"], "VALID", 1, "BiasAdd", "Prelu");
        fused.Run("y", [1, 1, 1, 1], 4).ShouldBe([4, -1]);
    }

    [Fact]
    public void A_pool_takes_the_largest_of_its_window_in_each_channel()
    {
        _model.Input("x", 1, 2, 2, 2);
        _model.Pool("y", "x", "VALID", 2);

        Run("y", [1, 2, 2, 2], 1, 40, 2, 30, 3, 20, 4, 10).ShouldBe([4, 40]);
    }

    [Fact]
    public void Padding_lists_begin_and_end_of_each_axis()
    {
        _model.Input("x", 1, 1, 1, 2);
        _model.Integers("pads", [4, 2], 0, 0, 0, 0, 1, 0, 0, 2);
        _model.Node("y", "Pad", ["x", "pads"]);

        Run("y", [1, 1, 1, 2], 7, 8).ShouldBe([0, 0, 0, 0, 7, 8, 0, 0]);
    }

    [Fact]
    public void Tensors_are_joined_along_the_axis_that_comes_last()
    {
        _model.Input("x", 1, 2);
        _model.Integers("axis", [], 1);
        _model.Node("y", "ConcatV2", ["x", "x", "axis"]);

        Run("y", [1, 2], 1, 2).ShouldBe([1, 2, 1, 2]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_mean_is_over_its_axes_and_a_softmax_over_the_last(bool keepDims)
    {
        _model.Input("x", 1, 2, 2);
        _model.Integers("axes", [1], 1);
        _model.Node("mean", "Mean", ["x", "axes"], ("keep_dims", new JsonObject { ["b"] = keepDims }));
        _model.Node("y", "Softmax", ["mean"]);

        var share = 1 / (1 + Math.Exp(2));
        Run("y", [1, 2, 2], 1, 3, 5, 7).ShouldBe([(float)share, (float)(1 - share)], 1e-6);
    }

    [Fact]
    public void A_product_of_matrices_adds_its_bias_before_its_activation()
    {
        _model.Input("x", 1, 2);
        _model.Weights("matrix", [2, 2], 1, 2, 3, 4);
        _model.Weights("bias", [2], 1, -20);
        _model.Node("y", "_FusedMatMul", ["x", "matrix", "bias"], Fused("BiasAdd", "Relu"));

        Run("y", [1, 2], 1, 2).ShouldBe([8, 0]);
    }

    [Fact]
    public void A_batch_of_one_becomes_free_also_where_a_shape_names_it()
    {
        _model.Input("x", 1, 2, 2);
        _model.Integers("shape", [2], 1, 4);
        _model.Node("flat", "Reshape", ["x", "shape"]);
        _model.Node("y", "Sigmoid", ["flat"]);

        Run("y", [3, 2, 2], [.. new float[12]]).ShouldBe([.. Enumerable.Repeat(0.5f, 12)]);
    }

    [Fact]
    public void Half_precision_weights_are_widened_exactly()
    {
        _model.Input("x", 1, 2);
        _model.HalfWeights("halves", [1, 2], (Half)0.1f, (Half)65504f);
        _model.Node("y", "Add", ["x", "halves"]);

        Run("y", [1, 2], 0, 0).ShouldBe([(float)(Half)0.1f, 65504f]);
    }

    [Fact]
    public void Nodes_in_any_order_are_put_in_the_order_of_their_data()
    {
        _model.Node("y", "Identity", ["middle:0"]);
        _model.Node("middle", "Relu", ["x"]);
        _model.Input("x", 1, 1);

        Run("y", [1, 1], 3).ShouldBe([3]);
    }

    [Fact]
    public void An_operation_that_is_not_converted_is_named_with_its_node()
    {
        _model.Input("x", 1, 1);
        _model.Node("y", "ResizeBilinear", ["x"]);

        Should.Throw<InvalidDataException>(Convert).Message.ShouldBe("node 'y' is a ResizeBilinear, which is not converted");
    }

    [Fact]
    public void An_activation_that_is_not_converted_is_named_with_its_node()
    {
        _model.Input("x", 1, 1, 1, 1);
        _model.Weights("kernel", [1, 1, 1, 1], 1);
        _model.Weights("bias", [1], 1);
        _model.Convolution("y", "_FusedConv2D", ["x", "kernel", "bias"], "VALID", 1, "BiasAdd", "Elu");

        Should.Throw<InvalidDataException>(Convert).Message.ShouldContain("node 'y' fuses BiasAdd+Elu");
    }

    [Fact]
    public void A_circle_of_nodes_is_refused()
    {
        _model.Node("x", "Relu", ["y"]);
        _model.Node("y", "Relu", ["x"]);

        Should.Throw<InvalidDataException>(Convert).Message.ShouldContain("depends on itself");
    }

    [Fact]
    public void A_reference_to_no_node_is_refused()
    {
        _model.Node("y", "Relu", ["x"]);

        Should.Throw<InvalidDataException>(Convert).Message.ShouldContain("node 'y' reads 'x', which is no node");
    }

    [Theory]
    [InlineData(-1, "ends at byte")]
    [InlineData(4, "describes 8 bytes of weights, the file has 12")]
    public void Weights_of_another_size_than_the_manifest_says_are_refused(int more, string message)
    {
        _model.Input("x", 1, 2);
        _model.Weights("two", [1, 2], 2, 2);
        _model.Node("y", "Add", ["x", "two"]);
        var weights = _model.WeightBytes();
        Array.Resize(ref weights, weights.Length + more);

        Should.Throw<InvalidDataException>(() => TfjsGraph.Parse(_model.Topology("y"), weights)).Message.ShouldContain(message);
    }

    [Fact]
    public void Something_else_than_a_graph_model_is_refused() =>
        Should.Throw<InvalidDataException>(() => TfjsGraph.Parse("{ \"format\": \"layers-model\" }"u8.ToArray(), [])).Message.ShouldContain("not a TensorFlow.js graph model");

    private static (string, JsonObject) Fused(params string[] operations) => ("fused_ops", TfjsModelText.Texts(operations));

    private void Convert() => TfjsConverter.Convert(TfjsGraph.Parse(_model.Topology("y"), _model.WeightBytes()));

    private float[] Run(string output, long[] shape, params float[] values)
    {
        var converted = TfjsConverter.Convert(TfjsGraph.Parse(_model.Topology(output), _model.WeightBytes()));
        using var session = new InferenceSession(converted.ToByteArray());
        using var input = OrtValue.CreateTensorValueFromMemory(values, shape);
        using var options = new RunOptions();
        using var results = session.Run(options, ["x"], [input], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
