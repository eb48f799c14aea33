using System.Text.Json;
using MediaScore.DeviceStreams.Events;
using MediaScore.DeviceStreams.Http.Wire;

namespace MediaScore.DeviceStreams.Http;

/// <summary>A body with events, read. Pure; never throws for what comes.</summary>
/// <param name="Drafts">Those that are what they should be, in order.</param>
/// <param name="Refused">The others.</param>
/// <param name="Fault">Why the body as a whole is none; then there is nothing else.</param>
internal sealed record ReceivedBatch(IReadOnlyList<EventDraft> Drafts, IReadOnlyList<RefusedEvent> Refused, string? Fault)
{
    public static ReceivedBatch Read(ReadOnlyMemory<byte> body, int maxEvents)
    {
        if (!DeviceJson.TryOpen(body, out var json, out var fault))
            return Nothing($"the body is no batch of events: {fault}");
        using (json)
        {
            if (!new JsonFields(json.RootElement).TryGet("events", out var events) || events.ValueKind != JsonValueKind.Array)
                return Nothing("""the body is {"events": [...]}""");
            if (events.GetArrayLength() is var count && (count < 1 || count > maxEvents))
                return Nothing($"events has {count} entries; it must have 1 to {maxEvents}");
            return Read(events);
        }
    }

    private static ReceivedBatch Read(JsonElement events)
    {
        var (drafts, refused, index) = (new List<EventDraft>(), new List<RefusedEvent>(), 0);
        foreach (var item in events.EnumerateArray())
        {
            if (EventReader.Read(item, null, out var wrong) is { } draft)
                drafts.Add(draft);
            else
                refused.Add(new RefusedEvent { Index = index, Fault = wrong! });
            index++;
        }

        return new ReceivedBatch(drafts, refused, null);
    }

    private static ReceivedBatch Nothing(string fault) => new([], [], fault);
}
