using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>One live event on its way to the disk.</summary>
/// <param name="Serial">What the known log moves on to when it is there; null where the device numbers nothing, and of a question: nobody knows whether its event has the same number.</param>
internal readonly record struct LiveEntry(DeviceEventRow Row, long? Serial, long? FrontSerial);
