using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Perception.Vision;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;
using Device = MediaScore.DeviceStreams.Registry.Device;

namespace MediaScore.DeviceStreams.Grpc;

/// <summary>What one terminal is told to do, and how that went.</summary>
internal sealed class TerminalCommands(Device device, TerminalServices services, Action<ServerMessage> answer) : IDisposable
{
    private const int CommandsAtOnce = 16;

    // Three faces of one person, turned a little each, are what makes a door open in the morning light too.
    private const int TemplatesWanted = 3;

    private readonly SemaphoreSlim _turn = new(1);
    private Enrolling? _enrolling;

    public void Dispose() => _turn.Dispose();

    /// <summary>Told at once while the terminal is connected.</summary>
    public IDisposable Listen() => services.Commands.Listen(device.Id, () => _ = SendSafelyAsync());

    /// <summary>Sends what is new, and again what was never answered.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        if (device.Row.State != DeviceState.Approved)
            return;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            foreach (var row in await services.Commands.TakeAsync(device.Id, CommandsAtOnce, cancellationToken))
            {
                if (ToWire(row) is not { } command)
                {
                    await services.Commands.EndAsync(device.Id, row.Id, succeeded: false, $"this terminal knows no command {row.Kind}", cancellationToken);
                    continue;
                }

                if (command.Enrol is { } enrol)
                    _enrolling = new Enrolling(enrol.PersonNumber, services.Time.GetUtcNow() + TimeSpan.FromSeconds(enrol.Seconds));
                answer(new ServerMessage { Command = command });
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task EndAsync(CommandResult result, CancellationToken cancellationToken) => services.Commands.EndAsync(
        device.Id, (long)Math.Min(result.CommandId, long.MaxValue), result.Succeeded, string.Create(CultureInfo.InvariantCulture, $"{result.Code} {result.Message}").Trim(), cancellationToken);

    /// <summary>While somebody is being enrolled here, frames become templates instead of decisions.</summary>
    /// <returns>Null where nobody is.</returns>
    public async Task<ServerMessage?> TryEnrolAsync(RgbPicture picture, ulong frameId, CancellationToken cancellationToken)
    {
        if (_enrolling is not { } enrolling)
            return null;
        if (services.Time.GetUtcNow() > enrolling.Until)
        {
            // Not whoever's turn began meanwhile.
            Interlocked.CompareExchange(ref _enrolling, null, enrolling);
            return null;
        }

        var enrolled = await services.Enrolment.EnrolAsync(device.Tenant, enrolling.PersonNumber, picture, $"device:{device.Id}", cancellationToken);
        if (enrolled.Enrolled && ++enrolling.Count == TemplatesWanted)
            Interlocked.CompareExchange(ref _enrolling, null, enrolling);
        return new ServerMessage
        {
            FrameResult = new FrameResult { FrameId = frameId, Verdict = enrolled.Enrolled ? FrameVerdict.Used : FrameVerdict.Poor, Reason = enrolled.Reason },
        };
    }

    private async Task SendSafelyAsync()
    {
        try
        {
            await SendAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The disk's or the database's: the next tick of the stream asks again, and fails aloud.
        }
    }

    private Command? ToWire(DeviceCommandRow row)
    {
        var command = new Command { CommandId = (ulong)row.Id };
        switch (row.Kind)
        {
            case CommandKinds.Enrol when Read<EnrolArguments>(row) is { } enrol:
                command.Enrol = new Enrol { PersonNumber = enrol.PersonNumber, DisplayName = enrol.DisplayName, Seconds = (uint)Math.Clamp(enrol.Seconds, 1, 300) };
                return command;
            case CommandKinds.Delete when Read<DeleteArguments>(row) is { } delete:
                command.Delete = new Delete { PersonNumber = delete.PersonNumber };
                return command;
            case CommandKinds.TimeSync:
                var zone = device.Row.TimeZone.Length > 0 ? device.Row.TimeZone : services.Options.TimeZone;
                command.TimeSync = new TimeSync { Clock = Timestamp.FromDateTimeOffset(services.Time.GetUtcNow()), TimeZone = zone };
                return command;
            case CommandKinds.Settings:
                command.SetSettings = DeviceWire.SettingsOf(device, services.Options);
                return command;
            case CommandKinds.FetchLogs when Read<FetchLogsArguments>(row) is { } fetch:
                command.FetchLogs = new FetchLogs { FromRecordId = fetch.FromRecordId ?? 1 };
                return command;
            case CommandKinds.OpenDoor when Read<OpenDoorArguments>(row) is { } open:
                command.OpenDoor = new OpenDoor { Seconds = (uint)Math.Clamp(open.Seconds, 1, 600) };
                return command;
            default:
                return null;
        }
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

    private sealed class Enrolling(string personNumber, DateTimeOffset until)
    {
        public string PersonNumber => personNumber;

        public DateTimeOffset Until => until;

        public int Count { get; set; }
    }
}
