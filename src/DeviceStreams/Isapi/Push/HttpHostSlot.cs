using System.Globalization;
using System.Net;
using System.Xml.Linq;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Push;

/// <summary>One listener of a device, as the device writes it: namespace, order and all that we do not know stay.</summary>
internal sealed class HttpHostSlot
{
    private const string ElementName = "HttpHostNotification";

    private readonly XElement _element;

    private HttpHostSlot(XElement element) => _element = element;

    public string Id => Of("id");

    /// <summary>Some firmware keeps a whole URL here.</summary>
    public string Path => Of("url") is var url && Uri.TryCreate(url, UriKind.Absolute, out var whole) && whole.Scheme.StartsWith("http", StringComparison.Ordinal) ? whole.AbsolutePath : url;

    public string Format => Of("parameterFormatType");

    /// <summary>For a comparison before and after.</summary>
    public string Text => _element.ToString(SaveOptions.DisableFormatting);

    /// <summary>No path and no address. One with an address is somebody's, also the cloud's (EHome), whatever its path.</summary>
    public bool IsFree => Of("url") is "" or "/" && Address is "" or "0.0.0.0" or "::" && Of("hostName") is "" or "0.0.0.0";

    private string Address => Of("ipAddress") is { Length: > 0 } four ? four : Of("ipv6Address");

    /// <returns>Empty where it is no list.</returns>
    public static IReadOnlyList<HttpHostSlot> ReadAll(byte[] body)
    {
        if (IsapiXml.TryReadElement(DeviceText.Decode(body)) is not { } root)
            return [];
        var elements = root.Name.LocalName == ElementName ? [root] : root.Elements().Where(element => element.Name.LocalName == ElementName);
        return [.. elements.Select(element => new HttpHostSlot(element)).Where(slot => slot.Id.Length > 0)];
    }

    public bool Is(Uri server) =>
        string.Equals(Address, server.IdnHost, StringComparison.OrdinalIgnoreCase) && Of("portNo") == server.Port.ToString(CultureInfo.InvariantCulture)
        && string.Equals(Of("protocolType"), server.Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whose it is, without the path: that may be another system's secret.</summary>
    public string Describe() => $"slot {Id} ({Of("protocolType")} {(Address is "" or "0.0.0.0" ? Of("hostName") : Address)}:{Of("portNo")})";

    public XElement ToListen(Uri server, string path, string format, bool withSubscription)
    {
        var slot = new XElement(_element);
        var isFour = IPAddress.Parse(server.IdnHost).AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        Set(slot, "url", path);
        Set(slot, "protocolType", server.Scheme.ToUpperInvariant());
        Set(slot, "parameterFormatType", format);
        Set(slot, "addressingFormatType", "ipaddress");
        Remove(slot, "hostName");
        Remove(slot, isFour ? "ipv6Address" : "ipAddress");
        Set(slot, isFour ? "ipAddress" : "ipv6Address", server.IdnHost);
        Set(slot, "portNo", server.Port.ToString(CultureInfo.InvariantCulture));
        Set(slot, "httpAuthenticationMethod", "none");
        // What happens while this server is away is sent later, where the device can do that.
        if (Find(slot, "httpBroken") is { } broken)
            broken.Value = "true";
        Remove(slot, "SubscribeEvent");
        if (withSubscription)
            slot.Add(Subscription(slot.Name.Namespace));
        return slot;
    }

    public XElement ToFree()
    {
        var slot = new XElement(_element);
        Set(slot, "url", "");
        Remove(slot, "ipv6Address");
        Set(slot, "ipAddress", "0.0.0.0");
        Set(slot, "portNo", "0");
        return slot;
    }

    private static XElement Subscription(XNamespace space) => new(
        space + "SubscribeEvent",
        new XElement(space + "heartbeat", "30"),
        new XElement(space + "eventMode", "all"),
        new XElement(space + "EventList", new XElement(space + "Event", new XElement(space + "type", "AccessControllerEvent"), new XElement(space + "pictureURLType", "binary"))));

    private static XElement? Find(XElement slot, string name) => slot.Elements().FirstOrDefault(element => element.Name.LocalName == name);

    private static void Remove(XElement slot, string name) => Find(slot, name)?.Remove();

    // In its place where there is one; else behind the others, before what it subscribes to.
    private static void Set(XElement slot, string name, string value)
    {
        if (Find(slot, name) is { } known)
            known.Value = value;
        else if (Find(slot, "SubscribeEvent") is { } subscription)
            subscription.AddBeforeSelf(new XElement(slot.Name.Namespace + name, value));
        else
            slot.Add(new XElement(slot.Name.Namespace + name, value));
    }

    private string Of(string name) => Find(_element, name)?.Value.Trim() ?? "";
}
