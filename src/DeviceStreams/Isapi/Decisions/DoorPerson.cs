using MediaScore.DeviceStreams.Gallery;

namespace MediaScore.DeviceStreams.Isapi.Decisions;

/// <param name="HasConsent">Their face may be sent to a device.</param>
public sealed record DoorPerson(KnownPerson Known, bool HasConsent);
