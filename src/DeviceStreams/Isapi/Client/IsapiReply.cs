using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Client;

/// <summary>A device's answer, read to its end.</summary>
internal sealed record IsapiReply(int Status, string ContentType, byte[] Body)
{
    /// <summary>Read by its first byte; null where it is neither JSON nor XML.</summary>
    public IsapiNode? Read() => IsapiBody.TryRead(Body, out _);

    public ResponseStatus Judge() => ResponseStatus.Of(this);
}
