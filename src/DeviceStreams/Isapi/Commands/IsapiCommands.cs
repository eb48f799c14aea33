using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Decisions;
using MediaScore.DeviceStreams.Isapi.Pull;
using MediaScore.DeviceStreams.Isapi.Push;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Commands;

/// <summary>
/// What one device is told to do, one thing after another, while it is connected; doors before people, and its log beside all of it. A command that was cut off in the middle is told again, until
/// it is too late for it.
/// </summary>
internal sealed class IsapiCommands
{
    // Everybody of a site at once; some hundred bytes each.
    private const int MostWaiting = 1_000;

    // For those that were cut off, and those that expire; new ones ring.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(20);

    private readonly Device _device;
    private readonly IsapiClient _client;
    private readonly DeviceInfo _info;
    private readonly IsapiServices _services;
    private readonly BackFill _backFill;
    private readonly TerminalUsers _users;
    private readonly TerminalFaces _faces;
    private readonly TerminalSystem _system;
    private readonly HttpHostSlots _slots;
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // A log of a year takes an hour: read beside the commands, as it is read now and then without any.
    private (long Id, Task Reading) _fetch = (0, Task.CompletedTask);

    public IsapiCommands(Device device, IsapiClient client, PatientClient patient, DeviceInfo info, IsapiServices services, LogProgress progress, BackFill backFill)
    {
        (_device, _client, _info, _services, _backFill) = (device, client, info, services, backFill);
        (_users, _faces, _system) = (new TerminalUsers(patient), new TerminalFaces(patient, progress), new TerminalSystem(patient));
        _slots = new HttpHostSlots(device, patient, services);
    }

    /// <exception cref="IsapiException">The device does not take the login any more.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var bell = _services.Commands.Listen(_device.Id, () => _bell.Writer.TryWrite(true));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var waiting = new List<DeviceCommandRow>();
            while (true)
            {
                if (_fetch.Reading.IsCompleted)
                    await _fetch.Reading;
                await TakeAsync(waiting, cancellationToken);
                BeginFetch(waiting, ending.Token);
                if (Next(waiting) is { } next)
                {
                    waiting.Remove(next);
                    await TellAsync(next, cancellationToken);
                }
                else
                {
                    await RestAsync(cancellationToken);
                }
            }
        }
        finally
        {
            await ending.CancelAsync();
            await _fetch.Reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Somebody stands at the door, and an hour of enrolling may be under way.</summary>
    private static DeviceCommandRow? Next(List<DeviceCommandRow> waiting) =>
        waiting.Find(row => row.Kind == CommandKinds.OpenDoor) ?? waiting.Find(row => row.Kind != CommandKinds.FetchLogs);

    private void BeginFetch(List<DeviceCommandRow> waiting, CancellationToken cancellationToken)
    {
        if (!_fetch.Reading.IsCompleted || waiting.Find(row => row.Kind == CommandKinds.FetchLogs) is not { } fetch)
            return;
        waiting.Remove(fetch);
        _fetch = (fetch.Id, TellAsync(fetch, cancellationToken));
    }

    /// <summary>Until there may be something to do.</summary>
    private async Task RestAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> wakes = [_bell.Reader.WaitToReadAsync(over.Token).AsTask(), Task.Delay(Period, _services.Time, over.Token)];
        if (!_fetch.Reading.IsCompleted)
            wakes.Add(_fetch.Reading);
        await Task.WhenAny(wakes);
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        _bell.Reader.TryRead(out _);
    }

    private async Task TakeAsync(List<DeviceCommandRow> waiting, CancellationToken cancellationToken)
    {
        if (waiting.Count >= MostWaiting)
            return;
        foreach (var row in await _services.Commands.TakeAsync(_device.Id, MostWaiting - waiting.Count, cancellationToken))
        {
            // Those that have waited here for a minute are handed out once more, and so is a log that is being read.
            if (!waiting.Exists(known => known.Id == row.Id) && (row.Id != _fetch.Id || _fetch.Reading.IsCompleted))
                waiting.Add(row);
        }
    }

    private async Task TellAsync(DeviceCommandRow row, CancellationToken cancellationToken)
    {
        // While the ones before it were told, its time may have run out.
        if (_services.Time.GetUtcNow() >= row.ExpiresAt)
            return;
        try
        {
            var outcome = await CarryOutAsync(row, cancellationToken);
            await _services.Commands.EndAsync(_device.Id, row.Id, outcome.Succeeded, outcome.Words, CancellationToken.None);
        }
        catch (IsapiException e) when (!e.IsFinal)
        {
            // Whether it arrived is not known: it is told again in a minute.
        }
    }

    private async Task<CommandOutcome> CarryOutAsync(DeviceCommandRow row, CancellationToken cancellationToken)
    {
        switch (row.Kind)
        {
            case CommandKinds.Enrol when Read<IsapiEnrolArguments>(row) is { PersonNumber: not null } enrol:
                return await EnrolAsync(enrol, cancellationToken);
            case CommandKinds.Delete when Read<DeleteArguments>(row) is { PersonNumber: not null } delete:
                return TerminalUsers.FaultOf(delete.PersonNumber) is { } fault
                    ? CommandOutcome.Failed(fault)
                    : CommandOutcome.Of(await _users.DeleteAsync(delete.PersonNumber, _faces, cancellationToken), "deleted");
            case CommandKinds.OpenDoor:
                return CommandOutcome.Of(await _system.OpenDoorAsync(cancellationToken), "opened, for as long as the device is set to");
            case CommandKinds.TimeSync:
                return await _system.SetTimeAsync(_device.Zone(_services.Devices.TimeZone), cancellationToken);
            case CommandKinds.FetchLogs when Read<FetchLogsArguments>(row) is { } fetch:
                return await FetchAsync(fetch, cancellationToken);
            case IsapiCommandKinds.Listen:
                return await _slots.TakeAsync(_client.LocalAddress, cancellationToken);
            case IsapiCommandKinds.Unlisten:
                return await _slots.ReleaseAsync(cancellationToken);
            case IsapiCommandKinds.RemoteCheck when Read<RemoteCheckArguments>(row) is { } check:
                return await SetRemoteCheckAsync(check, cancellationToken);
            case IsapiCommandKinds.Information:
                return await DescribeAsync(cancellationToken);
            case CommandKinds.Settings:
                return CommandOutcome.Failed("thresholds of a Hikvision device are set in its own web page");
            default:
                return CommandOutcome.Failed($"a Hikvision device knows no command {row.Kind} with these arguments");
        }
    }

    private async Task<CommandOutcome> EnrolAsync(IsapiEnrolArguments enrol, CancellationToken cancellationToken)
    {
        if (TerminalUsers.FaultOf(enrol.PersonNumber) is { } fault)
            return CommandOutcome.Failed(fault);
        if (await _services.People.FindAsync(_device.Tenant, enrol.PersonNumber, cancellationToken) is not { } person)
            return CommandOutcome.Failed($"nobody has the number {enrol.PersonNumber} here");
        if (person.Known.IsBlocked)
            return CommandOutcome.Failed($"{enrol.PersonNumber} is blocked");
        byte[]? jpeg = null;
        if (enrol.Picture is { } picture)
        {
            if (!person.HasConsent)
                return CommandOutcome.Failed($"nobody has written down that {enrol.PersonNumber} agreed to be recognised: no face is sent to a device");
            jpeg = await _services.Pictures.ReadAsync(_device.Tenant, picture, cancellationToken);
            if (jpeg is null)
                return CommandOutcome.Failed("the picture is not there any more");
            if (TerminalFaces.FaultOf(jpeg) is { } wrong)
                return CommandOutcome.Failed(wrong);
        }

        var name = enrol.DisplayName.Length > 0 ? enrol.DisplayName : person.Known.DisplayName;
        var set = await _users.SetAsync(enrol.PersonNumber, DeviceText.Clean(name, 128), enrol.ValidFrom, enrol.ValidTo, cancellationToken);
        if (!set.IsOk || jpeg is null)
            return CommandOutcome.Of(set, "person set");
        return CommandOutcome.Of(await _faces.SetAsync(enrol.PersonNumber, jpeg, cancellationToken), "person and face set");
    }

    private async Task<CommandOutcome> FetchAsync(FetchLogsArguments fetch, CancellationToken cancellationToken)
    {
        var read = fetch.From is { } from ? await _backFill.RunAsync(from, fetch.To, cancellationToken) : await _backFill.RunAsync(cancellationToken);
        return read.IsSupported
            ? CommandOutcome.Done(string.Create(CultureInfo.InvariantCulture, $"{read.Read} events read, {read.Stored} of them new"))
            : CommandOutcome.Failed($"its log cannot be read: {read.Words}");
    }

    private async Task<CommandOutcome> SetRemoteCheckAsync(RemoteCheckArguments check, CancellationToken cancellationToken)
    {
        // A device that posts to us asks in its posts: it waits for their answer anyway. Otherwise it asks who listens.
        var outcome = await _system.SetRemoteCheckAsync(check, await _slots.IsTakenAsync(cancellationToken), cancellationToken);
        if (await RemoteCheckSettings.ReadAsync(_client, cancellationToken) is { } settings)
            _services.RemoteChecks[_device.Id] = settings;
        return outcome;
    }

    private async Task<CommandOutcome> DescribeAsync(CancellationToken cancellationToken)
    {
        var (people, faces) = await _users.CountAsync(cancellationToken);
        var door = _services.RemoteChecks.GetValueOrDefault(_device.Id)?.Describe() ?? "the device decides by itself";
        return CommandOutcome.Done($"{_info.Model}, {_info.Firmware}, serial {_info.Serial}, MAC {_info.MacAddress}; {people?.ToString(CultureInfo.InvariantCulture) ?? "?"} people, {faces?.ToString(CultureInfo.InvariantCulture) ?? "?"} with a face; {door}");
    }

    private static T? Read<T>(DeviceCommandRow row)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(row.Arguments, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
