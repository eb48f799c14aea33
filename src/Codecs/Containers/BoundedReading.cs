namespace MediaScore.Codecs.Containers;

/// <summary>Reading of exact lengths from streams that may end anywhere.</summary>
internal static class BoundedReading
{
    /// <summary>How much of a fixed-length part was there.</summary>
    internal enum Outcome { Whole, End, Cut }

    /// <summary>Fills the buffer; <see cref="Outcome.End"/> where the stream ended just before it.</summary>
    internal static async ValueTask<Outcome> FillAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.IsEmpty)
            return Outcome.Whole;
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return read == buffer.Length ? Outcome.Whole : read == 0 ? Outcome.End : Outcome.Cut;
    }
}
