using System.Net;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>What one attribute cannot say about the two sections; the host adds it to what the attributes say.</summary>
public static class MqttOptionsCheck
{
    /// <summary>All faults, each with the setting and its value.</summary>
    public static IEnumerable<string> Faults(MqttOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Server.Length > 0 && !(Uri.TryCreate(options.Server, UriKind.Absolute, out var server) && server.Scheme is "mqtt" or "mqtts" && server is { Host.Length: > 0, UserInfo.Length: 0, AbsolutePath: "" or "/" }))
            yield return $"Devices:Mqtt:Server is '{options.Server}'; it must be mqtt://HOST:PORT or mqtts://HOST:PORT, without user name, password and path.";
        if (options.Password.Length > 0 && options.UserName.Length == 0)
            yield return "Devices:Mqtt:Password is set without Devices:Mqtt:UserName.";
        foreach (var (name, file) in new[] { ("CaFile", options.CaFile), ("CertificateFile", options.CertificateFile), ("CertificateKeyFile", options.CertificateKeyFile) })
        {
            if (file.Length > 0 && !File.Exists(file))
                yield return $"Devices:Mqtt:{name} is '{file}', and there is no such file.";
        }
    }

    /// <inheritdoc cref="Faults(MqttOptions)"/>
    public static IEnumerable<string> Faults(MqttBrokerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!IPAddress.TryParse(options.Address, out var address))
            yield return $"Devices:MqttBroker:Address is '{options.Address}'; it must be an IP address (127.0.0.1, 0.0.0.0, ::).";
        else if (!IPAddress.IsLoopback(address) && options is { Enabled: true, CertificateFile.Length: 0, AllowPlainText: false })
            yield return $"Devices:MqttBroker:Address is {options.Address}, which others reach, and there is no Devices:MqttBroker:CertificateFile: devices' keys would be readable. Name a certificate, or set Devices:MqttBroker:AllowPlainText.";
        foreach (var (name, file) in new[] { ("CertificateFile", options.CertificateFile), ("CertificateKeyFile", options.CertificateKeyFile) })
        {
            if (file.Length > 0 && !File.Exists(file))
                yield return $"Devices:MqttBroker:{name} is '{file}', and there is no such file.";
        }
    }
}
