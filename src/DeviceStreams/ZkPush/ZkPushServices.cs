using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Keys;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.ZkPush;

/// <summary>What the PUSH server works with.</summary>
/// <param name="Pictures">Where photos of events go.</param>
/// <param name="People">Where people and faces go that were enrolled at a terminal.</param>
public sealed record ZkPushServices(
    DeviceRegistry Registry,
    CommandQueue Commands,
    EventJournal Journal,
    IEventPictures Pictures,
    ITerminalPeople People,
    TenantKeys Keys,
    DeviceOptions Devices,
    ZkPushOptions Options,
    TimeProvider Time,
    ILogger<ZkPushServer> Log);
