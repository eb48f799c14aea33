using System.Buffers;

namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Sound of utterances, half a megabyte each, of all interviews: while somebody speaks, and on its way through the analysers. A pool of its own: the process-wide one forgets in each collection what
/// lies in it, and an utterance every few seconds and interview is then a large object each time. Thread-safe.
/// </summary>
internal static class UtteranceBuffers
{
    // The longest utterance that options allow, 30 s, and half a second around it.
    private const int MostSamples = 1 << 19;

    // Two thirds of a hundred speak at once, and the lengths of what they say spread over four sizes. More are made and forgotten.
    private const int KeptOfASize = 48;

    private static readonly ArrayPool<float> Pool = ArrayPool<float>.Create(MostSamples, KeptOfASize);

    public static float[] Rent(int sampleCount) => Pool.Rent(sampleCount);

    public static void Return(float[] samples) => Pool.Return(samples);
}
