namespace MediaScore.WebRtc.Rtp;

/// <summary>Where a picture grows packet by packet. One for each stream, reused: allocates only until the largest picture has been seen.</summary>
internal sealed class FrameBuffer(int maxBytes)
{
    // A 480p key frame of a browser is 10 to 35 KB.
    private const int FirstBytes = 16 * 1024;

    private byte[] _bytes = new byte[Math.Min(FirstBytes, maxBytes)];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Content => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <returns>False where the picture would become larger than allowed; then nothing is added.</returns>
    public bool TryAppend(ReadOnlySpan<byte> part) => TryInsert(Length, part);

    public bool TryInsert(int at, ReadOnlySpan<byte> part)
    {
        if (part.Length > maxBytes - Length)
            return false;
        if (_bytes.Length - Length < part.Length)
            Array.Resize(ref _bytes, Math.Min(maxBytes, Math.Max(_bytes.Length * 2, Length + part.Length)));
        _bytes.AsSpan(at, Length - at).CopyTo(_bytes.AsSpan(at + part.Length));
        part.CopyTo(_bytes.AsSpan(at));
        Length += part.Length;
        return true;
    }
}
