using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush.Session;
using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>Whose lines are read, and what their times and letters mean.</summary>
/// <param name="ChecksCards">A <c>pid</c> terminal: two fields of its attendance mean something else.</param>
/// <param name="MayKeepUnreadable">Asked for each line that cannot be read: is there room for one more?</param>
internal sealed record ZkLineContext(Device Device, ZkClock Clock, ZkEncoding Encoding, bool ChecksCards, DateTimeOffset Arrival, Func<bool> MayKeepUnreadable);
