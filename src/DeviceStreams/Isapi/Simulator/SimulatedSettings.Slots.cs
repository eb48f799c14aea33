using System.Globalization;
using System.Text;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>Two listeners' slots; the first belongs to somebody else.</summary>
internal sealed partial class SimulatedSettings
{
    private const string SlotsPath = "/ISAPI/Event/notification/httpHosts";

    private const string Others = """
        <HttpHostNotification><id>1</id><url>/other/system/hook</url><protocolType>HTTP</protocolType><parameterFormatType>JSON</parameterFormatType><addressingFormatType>ipaddress</addressingFormatType><ipAddress>192.0.2.50</ipAddress><portNo>5457</portNo><userName></userName><httpAuthenticationMethod>none</httpAuthenticationMethod><SubscribeEvent><heartbeat>30</heartbeat><eventMode>all</eventMode></SubscribeEvent></HttpHostNotification>
        """;

    private const string Free = """
        <HttpHostNotification><id>2</id><url></url><protocolType>EHome</protocolType><parameterFormatType></parameterFormatType><addressingFormatType>ipaddress</addressingFormatType><ipAddress>0.0.0.0</ipAddress><portNo>0</portNo><userName></userName><httpAuthenticationMethod>none</httpAuthenticationMethod></HttpHostNotification>
        """;

    private readonly SortedDictionary<int, string> _slots = new() { [1] = Others.Trim(), [2] = Free.Trim() };

    /// <summary>A slot's own XML.</summary>
    public string SlotText(int id)
    {
        lock (_gate)
            return _slots.GetValueOrDefault(id, "");
    }

    /// <summary>As another system writes it.</summary>
    public void SetSlot(int id, string xml)
    {
        lock (_gate)
            _slots[id] = xml;
    }

    /// <summary>Says OK, and keeps what it has.</summary>
    public bool ForgetsSlots { get; set; }

    /// <summary>Where the slots say that events are to be posted, and whether as XML: the last one that is used and leads to this machine.</summary>
    public (Uri Uri, bool IsXml)? PushTarget
    {
        get
        {
            lock (_gate)
            {
                foreach (var slot in _slots.Values.Reverse())
                {
                    if (IsapiXml.TryRead(slot, out _)?["HttpHostNotification"] is { } host && host.TextOf("ipAddress") == "127.0.0.1" && host.TextOf("url").Length > 1)
                        return (new Uri($"http://127.0.0.1:{host.TextOf("portNo")}{host.TextOf("url")}"), string.Equals(host.TextOf("parameterFormatType"), "XML", StringComparison.OrdinalIgnoreCase));
                }

                return null;
            }
        }
    }

    private SimulatedResponse AnswerSlots(SimulatedRequest request)
    {
        var rest = request.Path[SlotsPath.Length..].Trim('/');
        switch (request.Method)
        {
            case "GET" when rest.Length == 0:
                return new SimulatedResponse(200, Xml, $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<HttpHostNotificationList version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">\n{string.Join('\n', _slots.Values)}\n</HttpHostNotificationList>");
            case "GET" when TryId(rest, out var read):
                return new SimulatedResponse(200, Xml, _slots[read]);
            case "PUT" when TryId(rest, out var id) && Read(request) is { } body && body["HttpHostNotification"] is { } host:
                if (!System.Net.IPAddress.TryParse(host.TextOf("ipAddress"), out _))
                    return Wrong(request, "badXmlContent", "ipAddress");
                if (!ForgetsSlots)
                    _slots[id] = Encoding.UTF8.GetString(request.Body).Replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "", StringComparison.Ordinal).Replace(" xmlns=\"http://www.isapi.org/ver20/XMLSchema\"", "", StringComparison.Ordinal);
                return Ok(request);
            case "DELETE" when rest.Length == 0:
                // Everybody's.
                _slots.Clear();
                return Ok(request);
            default:
                return Wrong(request, "methodNotAllowed");
        }
    }

    private bool TryId(string text, out int id) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && _slots.ContainsKey(id);
}
