namespace MediaScore.Inference.Tests.Execution;

/// <summary>A decoder stepped by the test instead of a pool.</summary>
/// <param name="endless">No token ends a sequence, so that each runs to its limit: babble holds no words, and the model ends it at once.</param>
internal sealed class LocalDecoder(int maxBatch, bool endless = false) : IDisposable
{
    public const int TokenLimit = 20;

    public AutoregressiveDecoder Decoder { get; } = new(PreparedMoonshine.Load(maxBatch) with { EndToken = endless ? -1 : 2 }, TimeProvider.System);

    public Task<DecodedSequence> Start(
        float[] states, RequestClass requestClass = RequestClass.Live, int tokenLimit = TokenLimit, CancellationToken cancellationToken = default) =>
        Decoder.DecodeAsync(states, states.Length / Decoder.StateWidth, tokenLimit, requestClass, cancellationToken).AsTask();

    public async Task<DecodedSequence[]> DecodeAllAsync(IReadOnlyList<float[]> states, int tokenLimit = TokenLimit)
    {
        var answers = states.Select(state => Start(state, tokenLimit: tokenLimit)).ToList();
        Drain();
        return await Task.WhenAll(answers);
    }

    public void Drain()
    {
        while (Decoder.HasWork)
            Decoder.Step();
    }

    public void Dispose() => Decoder.Dispose();
}
