using MediaScore.Inference.Graphs.Silero;

namespace MediaScore.Inference.Tests.Graphs.Silero;

/// <summary>Silero VAD 5 as its operators are defined: reflection, transform, convolutions with a frame of silence on both sides, LSTM cell. In double precision.</summary>
internal sealed class SileroReference(SileroWeights weights)
{
    // The strides of the four convolutions.
    private static readonly int[] Strides = [1, 2, 2, 1];

    public (double Probability, double[] StateNext) Step(float[] samples, float[] state)
    {
        var frames = Magnitudes(samples);
        for (var layer = 0; layer < Strides.Length; layer++)
            frames = Convolve(frames, layer);
        return Recur(frames.ShouldHaveSingleItem(), state);
    }

    private double[][] Magnitudes(float[] samples)
    {
        double At(int index) => samples[index < SileroGeometry.Samples ? index : (2 * (SileroGeometry.Samples - 1)) - index];
        var basis = weights.Basis;
        double Sum(int row, int start) => Enumerable.Range(0, SileroGeometry.FrameSamples).Sum(i => basis[(row * SileroGeometry.FrameSamples) + i] * At(start + i));
        return
        [
            .. Enumerable.Range(0, SileroGeometry.Frames).Select(frame => Enumerable.Range(0, SileroGeometry.Bins)
                .Select(bin => double.Hypot(Sum(bin, frame * SileroGeometry.FrameStep), Sum(SileroGeometry.Bins + bin, frame * SileroGeometry.FrameStep)))
                .ToArray()),
        ];
    }

    private double[][] Convolve(double[][] frames, int layer)
    {
        var (inputs, outputs) = (SileroGeometry.Channels[layer], SileroGeometry.Channels[layer + 1]);
        var (kernel, bias) = (weights.Convolution(layer), weights.ConvolutionBias(layer));
        var results = new double[((frames.Length - 1) / Strides[layer]) + 1][];
        for (var frame = 0; frame < results.Length; frame++)
        {
            results[frame] = new double[outputs];
            for (var output = 0; output < outputs; output++)
            {
                double sum = bias[output];
                for (var tap = 0; tap < SileroGeometry.Taps; tap++)
                {
                    if ((frame * Strides[layer]) + tap - 1 is var from && from >= 0 && from < frames.Length)
                        sum += Enumerable.Range(0, inputs).Sum(input => kernel[(((output * inputs) + input) * SileroGeometry.Taps) + tap] * frames[from][input]);
                }

                results[frame][output] = Math.Max(0, sum);
            }
        }

        return results;
    }

    private (double Probability, double[] StateNext) Recur(double[] features, float[] state)
    {
        const int Hidden = SileroGeometry.Hidden;
        var (fromFeatures, fromHidden) = (weights.FeaturesToGates, weights.HiddenToGates);
        double Gate(int row) => weights.FeaturesBias[row] + weights.HiddenBias[row]
            + Enumerable.Range(0, Hidden).Sum(i => (fromFeatures[(row * Hidden) + i] * features[i]) + (fromHidden[(row * Hidden) + i] * state[i]));
        static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));

        var next = new double[2 * Hidden];
        var logit = (double)weights.OutputBias[0];
        for (var i = 0; i < Hidden; i++)
        {
            var cell = (Sigmoid(Gate(Hidden + i)) * state[Hidden + i]) + (Sigmoid(Gate(i)) * Math.Tanh(Gate((2 * Hidden) + i)));
            var hidden = Sigmoid(Gate((3 * Hidden) + i)) * Math.Tanh(cell);
            (next[i], next[Hidden + i]) = (hidden, cell);
            logit += weights.Output[i] * Math.Max(0, hidden);
        }

        return (Sigmoid(logit), next);
    }
}
