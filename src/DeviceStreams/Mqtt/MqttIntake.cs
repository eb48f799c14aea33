using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>What becomes of messages, whichever broker they came by: devices are admitted, events stored, answers to commands noted; the rest is counted and dropped. Thread-safe.</summary>
internal sealed class MqttIntake(MqttServices services, MqttCommands commands, MqttMeter meter, DropLog drops)
{
    /// <summary>Ends when all that is to be kept of these is on the disk: only then may they be acknowledged.</summary>
    /// <param name="via">Where commands for these devices go.</param>
    /// <returns>False where a message was dropped since its sender may not take part: nothing of that one is kept, and nothing is wrong with it.</returns>
    /// <exception cref="Exception">The database's: nothing may be acknowledged. What was stored nevertheless is known when it comes again.</exception>
    public async Task<bool> TakeAsync(IReadOnlyList<MqttArrival> arrivals, IMqttPublisher via, CancellationToken cancellationToken)
    {
        var (rows, allAdmitted) = (new List<DeviceEventRow>(), true);
        foreach (var arrival in arrivals)
        {
            if (arrival.Report is { Drop: not MqttDrop.None } dropped)
                Drop(dropped, dropped.Drop, dropped.Fault);
            else if (await AdmitAsync(arrival, cancellationToken) is { } device)
                await TakeAsync(arrival, device, via, rows, cancellationToken);
            else
                allAdmitted = false;
        }

        if (rows.Count == 0)
            return allAdmitted;
        var duplicates = await services.Journal.AppendAsync(rows, cancellationToken);
        Count(arrivals, rows.Count, duplicates);
        return allAdmitted;
    }

    /// <summary>A device's connection has ended.</summary>
    public void Gone(Device device) => commands.Forget(device);

    /// <summary>A message that is not kept.</summary>
    public void Drop(MqttReport report, MqttDrop drop, string fault)
    {
        meter.Dropped(report, drop);
        drops.Note(report, drop, fault);
    }

    private async ValueTask<Device?> AdmitAsync(MqttArrival arrival, CancellationToken cancellationToken)
    {
        var (report, from) = (arrival.Report, arrival.Report.From!.Value);
        // The broker let it in by its key; since then a person may have changed their mind.
        var credential = arrival.Device?.Row.CredentialSha256;
        var introduction = new DeviceIntroduction(from.Tenant, DeviceProtocol.Mqtt, from.Serial, arrival.From)
        {
            Model = report.Hello?.Model ?? "",
            Firmware = report.Hello?.Firmware ?? "",
            CredentialSha256 = credential,
        };
        var admission = await services.Registry.AdmitAsync(introduction, cancellationToken);
        if (admission.IsApproved && admission.Device is { } device)
            return device;
        Drop(report, MqttDrop.NotApproved, admission.Reason);
        return null;
    }

    private async ValueTask TakeAsync(MqttArrival arrival, Device device, IMqttPublisher via, List<DeviceEventRow> rows, CancellationToken cancellationToken)
    {
        var report = arrival.Report;
        if (report.Hello is { IsOnline: false })
            commands.Forget(device);
        else
            commands.Attend(device, via);
        switch (report)
        {
            case { Event: { } happened }:
                rows.AddRange(happened.ToRows(device, services.Devices, arrival.ArrivedAt));
                break;
            case { Answer: { } answer }:
                await services.Commands.EndAsync(device.Id, answer.Id, answer.Succeeded, answer.Words, cancellationToken);
                meter.Message(report.From, "noted");
                break;
            case { Hello: { } hello }:
                device.Saw(hello.QueuedCount);
                meter.Message(report.From, "noted");
                break;
        }
    }

    private void Count(IReadOnlyList<MqttArrival> arrivals, int rowCount, int duplicateCount)
    {
        var now = services.Time.GetUtcNow();
        foreach (var arrival in arrivals.Where(arrival => arrival.Report is { Drop: MqttDrop.None, Event: not null }))
            meter.Stored(now - arrival.ArrivedAt);
        // Which of them were the duplicates, the journal does not say; of one batch nearly all are of one kind.
        var kind = arrivals.First(arrival => arrival.Report is { Drop: MqttDrop.None, Event: not null }).Report.From;
        if (rowCount > duplicateCount)
            meter.Message(kind, "stored", rowCount - duplicateCount);
        if (duplicateCount > 0)
            meter.Message(kind, "duplicate", duplicateCount);
    }
}
