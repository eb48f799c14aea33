using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Access;

/// <summary>Who may pass which door. Asked after somebody was recognised, by whatever protocol.</summary>
public interface IDoorPolicy
{
    /// <param name="person">Null where the device names somebody whom the gallery does not know.</param>
    DoorRuling Rule(Device device, KnownPerson? person);
}
