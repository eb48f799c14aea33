using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Client;

/// <summary>What a device says of itself.</summary>
internal sealed record DeviceInfo(string Serial, string Model, string Firmware, string Name, string MacAddress)
{
    // The maker's own part of a long serial; what stands before it, model and version, changes with an upgrade of some.
    private const int OwnSerialLength = 9;

    public static async Task<DeviceInfo> ReadAsync(IsapiClient client, CancellationToken cancellationToken)
    {
        var reply = await client.SendAsync(IsapiCall.Get("/ISAPI/System/deviceInfo"), cancellationToken);
        if (reply.Read()?["DeviceInfo"] is not { } info || info.TextOf("serialNumber").Length == 0)
            throw new IsapiException(IsapiFault.Unreachable, $"what answers there is no Hikvision device, or is not ready: {reply.Judge().Words}");
        return new DeviceInfo(Word("serialNumber"), Word("model"), string.Join(' ', Word("firmwareVersion"), Word("firmwareReleasedDate")).Trim(), Word("deviceName"), Word("macAddress"));

        string Word(string name) => DeviceText.Clean(info.TextOf(name), 64);
    }

    /// <summary>A person may have written down the last nine characters only: they stand on the case.</summary>
    public bool Is(string serial) =>
        string.Equals(Serial, serial, StringComparison.OrdinalIgnoreCase)
        || (Serial.Length >= OwnSerialLength && serial.Length >= OwnSerialLength && serial.EndsWith(Serial[^OwnSerialLength..], StringComparison.OrdinalIgnoreCase));
}
