using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush.Session;
using MediaScore.Keys;

namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <summary>What a command's wire form depends on beside its arguments.</summary>
/// <param name="Now">Of the server: a clock is set to it.</param>
internal sealed record ZkCommandContext(Device Device, ZkClock Clock, DateTimeOffset Now, TenantKeys Keys);
