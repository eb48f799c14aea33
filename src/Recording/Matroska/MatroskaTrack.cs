namespace MediaScore.Recording.Matroska;

/// <summary>One track of a file.</summary>
/// <param name="Number">From 1.</param>
/// <param name="CodecId">As in the Matroska codec specification (draft-ietf-cellar-codec).</param>
/// <param name="CodecPrivate">Empty where the codec has none.</param>
/// <param name="SampleRate">Sound only.</param>
/// <param name="BitDepth">PCM only.</param>
/// <param name="Width">Pictures only.</param>
internal sealed record MatroskaTrack(
    int Number, string CodecId, byte[] CodecPrivate, int SampleRate = 0, int Channels = 0, int BitDepth = 0, int Width = 0, int Height = 0)
{
    public bool IsVideo => Width > 0;
}
