using System.Globalization;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Decisions;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Commands;

/// <summary>Door, clock and settings of a device.</summary>
internal sealed class TerminalSystem(PatientClient device)
{
    private const string Namespace = "http://www.isapi.org/ver20/XMLSchema";

    /// <summary>Opens the first door for as long as the device is set to.</summary>
    public Task<ResponseStatus> OpenDoorAsync(CancellationToken cancellationToken) => device.TellAsync(
        // Without version and namespace some say OK, and nothing moves.
        IsapiCall.Xml("PUT", "/ISAPI/AccessControl/RemoteControl/door/1", $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><RemoteControlDoor version=\"2.0\" xmlns=\"{Namespace}\"><cmd>open</cmd></RemoteControlDoor>") with { IsUrgent = true },
        cancellationToken);

    /// <summary>Sets the clock, unless a time server does.</summary>
    /// <param name="zone">Of the device.</param>
    public async Task<CommandOutcome> SetTimeAsync(TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        const string Target = "/ISAPI/System/time";
        var reply = await device.AskAsync(IsapiCall.Get(Target), cancellationToken);
        if (reply.Read()?["Time"] is not { } known)
            return CommandOutcome.Failed($"its clock could not be read: {reply.Judge().Words}");
        // A device tells whole seconds and cuts the rest off; so do we, or every right clock would be a second late.
        var told = device.Time.GetUtcNow().UtcTicks / TimeSpan.TicksPerSecond;
        var off = DeviceTime.TryParse(known.TextOf("localTime"), zone, out var shown)
            ? string.Create(CultureInfo.InvariantCulture, $"{(shown.Time.UtcTicks / TimeSpan.TicksPerSecond) - told} s off")
            : "not readable";
        if (string.Equals(known.TextOf("timeMode"), "NTP", StringComparison.OrdinalIgnoreCase))
            return CommandOutcome.Done($"a time server sets its clock ({off}); left alone");
        // To the nearest second, for the same reason.
        var now = TimeZoneInfo.ConvertTime(device.Time.GetUtcNow() + TimeSpan.FromMilliseconds(500), zone);
        // As it writes it itself: some take no offset, some want one.
        var text = now.ToString(known.TextOf("localTime").LastIndexOfAny(['+', '-', 'Z']) > 10 ? "yyyy-MM-dd'T'HH:mm:sszzz" : "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        var zoneText = known.TextOf("timeZone");
        var space = known.NamespaceName.Length > 0 ? known.NamespaceName : Namespace;
        var body = $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Time version=\"2.0\" xmlns=\"{Escape(space)}\"><timeMode>manual</timeMode><localTime>{text}</localTime>{(zoneText.Length > 0 ? $"<timeZone>{Escape(zoneText)}</timeZone>" : "")}</Time>";
        return CommandOutcome.Of(await device.TellAsync(IsapiCall.Xml("PUT", Target, body), cancellationToken), $"clock set (was {off})");
    }

    /// <summary>Makes the device ask, or stop asking. All of its settings are written back as they were read, but for these.</summary>
    public async Task<CommandOutcome> SetRemoteCheckAsync(RemoteCheckArguments wanted, bool isListener, CancellationToken cancellationToken)
    {
        var reply = await device.AskAsync(IsapiCall.Get(RemoteCheckSettings.Target), cancellationToken);
        if (reply.Status is < 200 or >= 300 || RemoteCheckSettings.TryRead(reply.Read()) is null)
            return CommandOutcome.Failed($"this device cannot ask anybody: {reply.Judge().Words}");
        var changes = new Dictionary<string, object>
        {
            ["remoteCheckDoorEnabled"] = wanted.IsEnabled,
            ["checkChannelType"] = isListener ? "ISAPIListen" : "ISAPI",
            ["needDeviceCheck"] = true,
            ["remoteCheckTimeout"] = Math.Clamp(wanted.TimeoutS, 1, 10),
            ["offlineDevCheckOpenDoorEnabled"] = wanted.OpensOffline,
        };
        if (isListener)
            changes["remoteCheckWithISAPIListen"] = "sync";
        var status = await device.TellAsync(IsapiCall.Json("PUT", RemoteCheckSettings.Target, JsonMembers.Change(reply.Body, "AcsCfg", changes)), cancellationToken);
        // Some refuse what they have just told, since it cannot be set.
        if (!status.IsOk)
            status = await device.TellAsync(IsapiCall.Json("PUT", RemoteCheckSettings.Target, JsonMembers.Change("{}"u8, "AcsCfg", changes)), cancellationToken);
        if (!status.IsOk)
            return CommandOutcome.Of(status, "remote check");
        var now = RemoteCheckSettings.TryRead((await device.AskAsync(IsapiCall.Get(RemoteCheckSettings.Target), cancellationToken)).Read());
        return now?.IsEnabled == wanted.IsEnabled && (!wanted.IsEnabled || now.Way == (isListener ? AnswerWay.Reply : AnswerWay.Request))
            ? CommandOutcome.Done(now.Describe())
            : CommandOutcome.Failed("the device said OK, and its settings are as before");
    }

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text) ?? "";
}
