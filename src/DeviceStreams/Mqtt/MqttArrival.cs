using System.Net;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>A message and what its connection knows of it.</summary>
/// <param name="Device">Whose it is, where the broker has checked that; null: the topic says it, and the site's broker answers for it.</param>
/// <param name="From">Where the device is; null where a broker stands between.</param>
internal readonly record struct MqttArrival(MqttReport Report, DateTimeOffset ArrivedAt, Device? Device = null, IPAddress? From = null);
