namespace MediaScore.DeviceStreams.Http;

/// <summary>Reads a request's body to its end.</summary>
/// <param name="maxBytes">More need not be read.</param>
/// <returns>Null where it is longer.</returns>
/// <exception cref="IOException">It was cut.</exception>
public delegate ValueTask<ReadOnlyMemory<byte>?> BodyReader(int maxBytes, CancellationToken cancellationToken);
