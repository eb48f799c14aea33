using MediaScore.DeviceStreams.Isapi.Events;

namespace MediaScore.DeviceStreams.Isapi.Push;

internal sealed class PushedEvent(IsapiEvent happened)
{
    public IsapiEvent Event => happened;

    /// <summary>A JPEG, or null.</summary>
    public byte[]? Picture { get; set; }
}
