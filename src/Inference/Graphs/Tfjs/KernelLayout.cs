namespace MediaScore.Inference.Graphs.Tfjs;

/// <summary>TensorFlow's convolution kernels in ONNX's order.</summary>
internal static class KernelLayout
{
    /// <summary><c>[height, width, in, out]</c> to <c>[out, in, height, width]</c>.</summary>
    public static float[] ToConvolution(ReadOnlySpan<float> kernel, int height, int width, int inputs, int outputs)
    {
        var reordered = new float[kernel.Length];
        var source = 0;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                for (var input = 0; input < inputs; input++)
                {
                    for (var output = 0; output < outputs; output++)
                        reordered[(((((output * inputs) + input) * height) + y) * width) + x] = kernel[source++];
                }
            }
        }

        return reordered;
    }

    /// <summary>
    /// <c>[height, width, channels, multiplier]</c> to <c>[channels * multiplier, 1, height, width]</c>: a depthwise kernel is a grouped one
    /// whose outputs lie channel by channel, which is the order of TensorFlow's last two axes.
    /// </summary>
    public static float[] ToGrouped(ReadOnlySpan<float> kernel, int height, int width, int channels, int multiplier) =>
        ToConvolution(kernel, height, width, 1, channels * multiplier);
}
