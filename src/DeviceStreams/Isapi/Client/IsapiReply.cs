using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Client;

/// <summary>A device's answer, read to its end.</summary>
internal sealed class IsapiReply(int status, byte[] body)
{
    private readonly Lazy<IsapiNode?> _root = new(() => IsapiBody.TryRead(body, out _), LazyThreadSafetyMode.None);

    public int Status => status;

    public byte[] Body => body;

    /// <summary>Read by its first byte; null where it is neither JSON nor XML.</summary>
    public IsapiNode? Read() => _root.Value;

    public ResponseStatus Judge() => ResponseStatus.Of(this);
}
