using System.Security.Cryptography;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush.Tables;
using MediaScore.DeviceStreams.ZkPush.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.ZkPush.Session;

/// <summary>Takes in what terminals send. Returns when it is stored for good: only then is a terminal told so, and forgets it.</summary>
internal sealed class ZkUploads(ZkPushServices services, ZkPushCounts counts)
{
    /// <summary>A table's body, line by line.</summary>
    /// <returns>Lines that are not blank, read or not.</returns>
    /// <exception cref="Exception">The disk's or the database's. What was stored before it is found again when the terminal sends the body again.</exception>
    public async Task<int> TakeLinesAsync(ZkSession session, ZkTable table, string tableName, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var harvest = new ZkHarvest { DoorState = session.DoorState };
        var reader = new ZkLineReader(ContextOf(session), harvest);
        var (position, lineCount) = (0, 0);
        while (position < body.Length)
        {
            lineCount += Read(reader, harvest, table, tableName, body.Span, ref position);
            await StoreAsync(session, harvest, cancellationToken);
        }

        Finish(session, harvest);
        return lineCount;
    }

    /// <summary>A photo that is the whole body.</summary>
    public async Task TakePhotoAsync(ZkSession session, ReadOnlyMemory<byte> body, ZkQuery query, CancellationToken cancellationToken)
    {
        var harvest = new ZkHarvest();
        var reader = new ZkLineReader(ContextOf(session), harvest);
        if (AttendancePhoto.TryParse(body, query, out var photo))
            reader.Add(photo);
        else
            reader.Unreadable("ATTPHOTO", body.Span, "no JPEG in it");
        await StoreAsync(session, harvest, cancellationToken);
        Finish(session, harvest);
    }

    /// <summary>A body that nobody has heard of.</summary>
    public async Task KeepUnknownAsync(ZkSession session, string name, ReadOnlyMemory<byte> body, string fault, CancellationToken cancellationToken)
    {
        if (ZkLines.IsBlank(body.Span))
            return;
        var harvest = new ZkHarvest();
        new ZkLineReader(ContextOf(session), harvest).Unreadable(name, body.Span, fault);
        await StoreAsync(session, harvest, cancellationToken);
        Finish(session, harvest);
    }

    private static int Read(ZkLineReader reader, ZkHarvest harvest, ZkTable table, string tableName, ReadOnlySpan<byte> body, ref int position)
    {
        var count = 0;
        while (!harvest.IsFull && ZkLines.TryTake(body, ref position, out var line))
        {
            count++;
            reader.Read(table, tableName, line);
        }

        return count;
    }

    private ZkLineContext ContextOf(ZkSession session) =>
        new(session.Device, session.Clock, session.Encoding, session.State.ChecksCards, services.Time.GetUtcNow(), () => session.Unreadable.TryTake() == TimeSpan.Zero);

    private async Task StoreAsync(ZkSession session, ZkHarvest harvest, CancellationToken cancellationToken)
    {
        var device = session.Device;
        foreach (var (happened, jpeg) in harvest.Photos)
        {
            happened.Picture = await services.Pictures.KeepAsync(device.Tenant, device.Id, happened.DeduplicationKey, jpeg, cancellationToken);
            harvest.Events.Add(happened);
        }

        if (harvest.People.Count > 0)
            await services.People.OfferPeopleAsync(device, harvest.People, cancellationToken);
        foreach (var (number, jpeg) in harvest.Faces)
            harvest.Events.Add(EventOf(device, number, jpeg, await services.People.OfferFaceAsync(device, number, jpeg, cancellationToken), services.Time.GetUtcNow()));

        var events = harvest.TakeEvents();
        if (events.Count > 0)
        {
            var count = events.Count;
            counts.CountStored(count, await services.Journal.AppendAsync(events, cancellationToken));
        }

        harvest.Clear();
    }

    private void Finish(ZkSession session, ZkHarvest harvest)
    {
        counts.CountRead(harvest.UnreadableCount, harvest.ForgottenCount);
        // Only now: had the store failed, the same state must count as new when it comes again.
        if (harvest.DoorState is { } state)
            session.DoorState = state;
        if (harvest.ClockAhead is { } ahead)
            session.ClockAhead = ahead;
    }

    /// <summary>What became of a face: for the person at the terminal who was told "enrolled" and is not known here.</summary>
    private static DeviceEventRow EventOf(Device device, string number, byte[] jpeg, TerminalFaceAnswer answer, DateTimeOffset now)
    {
        var code = answer.Taken ? "face-enrolled" : answer.AwaitsConsent ? "face-held" : "face-refused";
        return new DeviceEventRow
        {
            Tenant = device.Tenant,
            DeviceId = device.Id,
            DeduplicationKey = $"{code}/{number}/{Convert.ToHexStringLower(SHA256.HashData(jpeg).AsSpan(0, 16))}",
            Kind = DeviceEventKind.Device,
            Outcome = answer.Taken ? DeviceEventOutcome.None : DeviceEventOutcome.NotAssessed,
            PersonNumber = number,
            OccurredAt = now,
            Method = "face",
            Code = code,
            Door = device.Row.Door,
            Reason = ZkText.Cut(answer.Reason, 256),
        };
    }
}
