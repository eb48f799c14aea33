namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <param name="IsSupported">The device has a log that can be read.</param>
/// <param name="Read">Events that were read.</param>
/// <param name="Stored">Of those, new ones.</param>
internal readonly record struct BackFillResult(bool IsSupported, int Read, int Stored, string Words);
