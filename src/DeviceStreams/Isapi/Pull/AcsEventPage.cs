using System.Globalization;
using System.Text.Json;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Events;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>One page of a device's log (<c>AcsEvent</c>).</summary>
/// <param name="Events">By serial; items that are none are left out.</param>
/// <param name="ReceivedCount">With those: what the next page begins behind.</param>
internal sealed record AcsEventPage(IReadOnlyList<IsapiEvent> Events, int ReceivedCount, bool HasMore)
{
    public const string Target = "/ISAPI/AccessControl/AcsEvent?format=json";

    private static readonly string[] ListNames = ["InfoList", "AcsEventInfo"];

    /// <returns>Null where the answer is no page.</returns>
    public static AcsEventPage? TryRead(IsapiReply reply)
    {
        if (reply.Status is < 200 or >= 300 || reply.Read()?["AcsEvent"] is not { } page)
            return null;
        var all = page.Children.Where(IsList).SelectMany(list => list.Children.Any(IsList) ? list.Children.Where(IsList) : [list]).ToList();
        var items = all.Where(item => item.Children.Count > 0).ToList();
        // OK and NO MATCH (also written NO MATCHES) end it; so does a page of nothing, whatever it promises.
        var hasMore = string.Equals(page.TextOf("responseStatusStrg"), "MORE", StringComparison.OrdinalIgnoreCase) && items.Count > 0;
        var events = items.Select(EventReader.ReadItem).Where(item => item.Numbers is not null).OrderBy(item => item.Serial ?? long.MaxValue).ToList();
        // One of nothing is an empty list; among others it is an item that says nothing, and has its place.
        return new AcsEventPage(events, all.Count > 1 ? all.Count : items.Count, hasMore);
    }

    /// <param name="searchId">Of one walk through the log: a used one answers that there is nothing.</param>
    public static IsapiCall Ask(string searchId, int position, int most, string from, string to, long? fromSerial)
    {
        var condition = new Dictionary<string, object>
        {
            ["searchID"] = searchId,
            ["searchResultPosition"] = position,
            ["maxResults"] = most,
            ["major"] = 0,
            ["minor"] = 0,
            ["startTime"] = from,
            ["endTime"] = to,
        };
        if (fromSerial is { } first)
        {
            condition["beginSerialNo"] = first;
            // Without an end the beginning is refused; this is the most that a device counts to.
            condition["endSerialNo"] = 3_000_000_000;
        }

        return IsapiCall.Json("POST", Target, JsonSerializer.Serialize(new Dictionary<string, object> { ["AcsEventCond"] = condition })) with { Limit = TimeSpan.FromSeconds(30) };
    }

    public static string Describe(int position) => string.Create(CultureInfo.InvariantCulture, $"log page at {position}");

    private static bool IsList(IsapiNode node) => ListNames.Contains(node.Name, StringComparer.OrdinalIgnoreCase);
}
