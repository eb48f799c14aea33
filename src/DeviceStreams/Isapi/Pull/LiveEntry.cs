using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>One event on its way to the disk.</summary>
/// <param name="Serial">Null where the device numbers nothing.</param>
internal readonly record struct LiveEntry(DeviceEventRow Row, long? Serial, long? FrontSerial);
