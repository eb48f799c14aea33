using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Access;

/// <summary>Everybody who is known and not blocked may pass every door of the tenant. A site with zones and hours brings a policy of its own.</summary>
internal sealed class DoorPolicy : IDoorPolicy
{
    public DoorRuling Rule(Device device, KnownPerson? person) => person switch
    {
        null => new DoorRuling(false, "not known here"),
        { IsBlocked: true } => new DoorRuling(false, "blocked"),
        _ => new DoorRuling(true, ""),
    };
}
