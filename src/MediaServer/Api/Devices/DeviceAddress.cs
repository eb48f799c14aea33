namespace MediaScore.MediaServer.Api.Devices;

/// <summary>Where the server calls a device.</summary>
internal static class DeviceAddress
{
    private const int MaxLength = 256;

    public const string Fault = "must be a scheme, a host and a port where it is not the usual one, and nothing else: https://192.168.1.20";

    /// <returns>Scheme, host and port; null where it is anything else.</returns>
    public static string? Normalise(string address)
    {
        var isAddress = address.Length <= MaxLength && Uri.TryCreate(address.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.AbsolutePath == "/" && uri.Query.Length == 0 && uri.Fragment.Length == 0;
        return isAddress ? new Uri(address.Trim()).GetLeftPart(UriPartial.Authority) : null;
    }

    /// <summary>A device that nobody gave a serial is known by where it is.</summary>
    /// <param name="address">Normalised.</param>
    public static string SerialOf(string address)
    {
        var uri = new Uri(address);
        var host = uri.Host.Trim('[', ']').Split('%')[0];
        return uri.IsDefaultPort ? host : $"{host}:{uri.Port}";
    }
}
