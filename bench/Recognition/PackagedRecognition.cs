using MediaScore.Perception.Speech;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Benchmarks.Recognition;

/// <summary>The graphs as the package ships them: merged decoder behind an <c>If</c>, dynamic quantisation, one utterance at a time.</summary>
internal sealed class PackagedRecognition(string folder) : IDisposable
{
    private readonly InferenceSession _encoder = OneThread.Open(Path.Combine(folder, "encoder_model.onnx"));
    private readonly InferenceSession _decoder = OneThread.Open(Path.Combine(folder, "decoder_model_merged.onnx"));
    private readonly RunOptions _runOptions = new();

    public RecognitionRun Recognize(IReadOnlyList<Sound> sounds, MoonshineTokenizer tokenizer)
    {
        var (encoderTime, decoderTime, steps) = (TimeSpan.Zero, TimeSpan.Zero, 0);
        var texts = new List<string>();
        foreach (var sound in sounds)
        {
            var started = Environment.CpuUsage.TotalTime;
            using var input = OrtValue.CreateTensorValueFromMemory(sound.Samples, [1, sound.Samples.Length]);
            using var states = _encoder.Run(_runOptions, ["input_values"], [input], ["last_hidden_state"]);
            encoderTime += Environment.CpuUsage.TotalTime - started;
            started = Environment.CpuUsage.TotalTime;
            texts.Add(tokenizer.Decode(Decode(states[0], sound.TokenLimit, ref steps)));
            decoderTime += Environment.CpuUsage.TotalTime - started;
        }

        return new RecognitionRun(texts, encoderTime, decoderTime, steps);
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
        _runOptions.Dispose();
    }

    private List<int> Decode(OrtValue states, int tokenLimit, ref int steps)
    {
        var caches = _decoder.InputMetadata.Where(input => input.Key.StartsWith("past_key_values.", StringComparison.Ordinal)).ToList();
        var outputs = caches.Select(cache => cache.Key.Replace("past_key_values", "present", StringComparison.Ordinal)).Prepend("logits").ToList();
        var past = caches.Select(cache => OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), [0, cache.Value.Dimensions[1], 1, cache.Value.Dimensions[3]])).ToList();
        var tokens = new List<int>();
        var next = MoonshineTokenizer.StartToken;
        for (var step = 0; step <= tokenLimit; step++)
        {
            using var ids = OrtValue.CreateTensorValueFromMemory(new long[] { next }, [1, 1]);
            using var useCache = OrtValue.CreateTensorValueFromMemory(new[] { step > 0 }, [1]);
            var results = _decoder.Run(
                _runOptions,
                [.. caches.Select(cache => cache.Key), "input_ids", "encoder_hidden_states", "use_cache_branch"],
                [.. past, ids, states, useCache],
                outputs);
            steps++;
            next = Largest(results[0].GetTensorDataAsSpan<float>());
            results[0].Dispose();
            for (var i = 0; i < caches.Count; i++)
            {
                // Keys of cross attention come from the first step alone.
                var keep = step > 0 && caches[i].Key.Contains(".encoder.", StringComparison.Ordinal);
                (keep ? results[i + 1] : past[i]).Dispose();
                past[i] = keep ? past[i] : results[i + 1];
            }

            if (next == MoonshineTokenizer.EndToken || tokens.Count == tokenLimit)
                break;
            tokens.Add(next);
        }

        past.ForEach(cache => cache.Dispose());
        return tokens;
    }

    private static int Largest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
            best = logits[i] > logits[best] ? i : best;
        return best;
    }
}
