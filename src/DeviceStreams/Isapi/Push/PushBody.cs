using System.Net;
using System.Text;
using MediaScore.DeviceStreams.Isapi.Events;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Push;

/// <summary>What one post holds: events, each with its picture, or a heartbeat, or nothing that can be read.</summary>
/// <param name="UnreadableCount">Texts without an event in them, and parts whose end is lost.</param>
internal sealed record PushBody(IReadOnlyList<PushedEvent> Events, bool HasHeartbeat, int UnreadableCount)
{
    // Of one post. A device sends one, or what a short outage left.
    private const int MaxEvents = EventReader.MaxEvents;

    // A multipart body of nothing but delimiters is nobody's event.
    private const int MaxParts = 2_000;

    /// <summary>By what it looks like; what it says it is comes second. No input throws.</summary>
    public static PushBody Read(string contentType, ReadOnlySpan<byte> body)
    {
        var harvest = new Harvest();
        switch (DeviceText.SkipBlank(body))
        {
            case []:
                // Some knock to see whether somebody is there.
                return new PushBody([], true, 0);
            case [(byte)'{' or (byte)'[' or (byte)'<', ..] text:
                harvest.AddText(text);
                break;
            case var other when other is [(byte)'-', (byte)'-', ..] || contentType.Contains("multipart", StringComparison.OrdinalIgnoreCase):
                ReadParts(HeaderWords.Parameter(contentType, "boundary"), body, harvest);
                break;
            case var other when other.Length <= IsapiBody.MaxBytes:
                ReadForm(other, harvest);
                break;
            default:
                harvest.Unreadable++;
                break;
        }

        return new PushBody(harvest.Events, harvest.HasHeartbeat, harvest.Unreadable);
    }

    private static void ReadParts(string? boundary, ReadOnlySpan<byte> body, Harvest harvest)
    {
        var parser = new MultipartParser(boundary);
        parser.Append(body);
        parser.Complete();
        for (var parts = 0; parts < MaxParts && parser.TryRead() is { } part; parts++)
        {
            if (part.IsCut)
                harvest.Unreadable++;
            else if (part.Kind != PartKind.Binary)
                harvest.AddText(part.Body);
            else if (part.IsJpeg)
                harvest.AddPicture(part.Body);
        }

        if (parser.Fault is not null)
            harvest.Unreadable++;
    }

    /// <summary>An event as the value of a form's field.</summary>
    private static void ReadForm(ReadOnlySpan<byte> body, Harvest harvest)
    {
        var isAny = false;
        foreach (var field in DeviceText.Decode(body).Split('&', MaxParts))
        {
            var value = WebUtility.UrlDecode(field[(field.IndexOf('=', StringComparison.Ordinal) + 1)..]).TrimStart();
            if (value is not ['{' or '<' or '[', ..])
                continue;
            isAny = true;
            harvest.AddText(Encoding.UTF8.GetBytes(value));
        }

        if (!isAny)
            harvest.Unreadable++;
    }

    private sealed class Harvest
    {
        public List<PushedEvent> Events { get; } = [];

        public bool HasHeartbeat { get; private set; }

        public int Unreadable { get; set; }

        public void AddText(ReadOnlySpan<byte> text)
        {
            var message = EventReader.Read(text);
            HasHeartbeat |= message.HasHeartbeat;
            if (message.SkippedCount > 0 || (message.Events.Count == 0 && !message.HasHeartbeat))
                Unreadable++;
            Events.AddRange(message.Events.Take(MaxEvents - Events.Count).Select(happened => new PushedEvent(happened)));
        }

        /// <summary>Of the event before it; the first counts.</summary>
        public void AddPicture(byte[] jpeg)
        {
            if (Events is [.., { Picture: null } last] && jpeg.Length <= MultipartParser.MaxPictureBytes)
                last.Picture = jpeg;
        }
    }
}
