using System.Globalization;
using System.Net;
using System.Xml.Linq;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Commands;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Isapi.Push;

/// <summary>
/// Writes this server into one free slot of a device's listeners, and takes it out again. Read first; one slot only, by its own path: the call for the whole list replaces, and deleting
/// deletes, everybody's. Read back afterwards: devices say OK and keep something else.
/// </summary>
internal sealed class HttpHostSlots(Device device, PatientClient client, IsapiServices services)
{
    private const string Target = "/ISAPI/Event/notification/httpHosts";

    public async Task<CommandOutcome> TakeAsync(IPAddress? localAddress, CancellationToken cancellationToken)
    {
        if (ServerOf(localAddress, out var fault) is not { } server)
            return CommandOutcome.Failed(fault);
        var (slots, words) = await ReadAsync(cancellationToken);
        if (slots is null)
            return CommandOutcome.Failed(words);
        if (slots.FirstOrDefault(IsOurs) is { } taken && taken.Is(server))
            return CommandOutcome.Done($"slot {taken.Id} holds this server already");
        // One that we wrote with a token that is lost, or for an address that has changed, is ours to write again.
        var slot = slots.FirstOrDefault(IsOurs) ?? slots.FirstOrDefault(one => one.Is(server) && PushToken.TryRead(one.Path) is not null) ?? slots.FirstOrDefault(one => one.IsFree);
        if (slot is null)
            return CommandOutcome.Failed($"all {slots.Count} slots belong to others: {string.Join(", ", slots.Select(one => one.Describe()))}. Clear one in the device's web page.");
        var (token, before) = (PushToken.New(), device.Row.CredentialSha256);
        // First, so that nothing that it posts at once is turned away.
        await services.Registry.ChangeAsync(device.Id, row => row.CredentialSha256 = PushToken.HashOf(token), announce: false, cancellationToken);
        var (outcome, isTaken) = await TakeAsync(slots, slot, server, PushToken.PathOf(token), cancellationToken);
        // It goes on posting to where it did, if it posts at all.
        if (!isTaken)
            await services.Registry.ChangeAsync(device.Id, row => row.CredentialSha256 = before, announce: false, cancellationToken);
        return outcome;
    }

    public async Task<CommandOutcome> ReleaseAsync(CancellationToken cancellationToken)
    {
        var (slots, words) = await ReadAsync(cancellationToken);
        if (slots is null)
            return CommandOutcome.Failed(words);
        if (slots.FirstOrDefault(IsOurs) is not { } slot)
            return CommandOutcome.Done("no slot holds this server");
        var status = await WriteAsync(slot.ToFree(), cancellationToken);
        return status.IsOk ? (await CheckAsync(slots, slot.Id, one => !IsOurs(one), $"slot {slot.Id} is free", cancellationToken)).Outcome : CommandOutcome.Of(status, $"slot {slot.Id}");
    }

    /// <summary>A slot holds this server.</summary>
    public async Task<bool> IsTakenAsync(CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).Slots?.Any(IsOurs) == true;

    private async Task<(CommandOutcome Outcome, bool IsTaken)> TakeAsync(IReadOnlyList<HttpHostSlot> slots, HttpHostSlot slot, Uri server, string path, CancellationToken cancellationToken)
    {
        var format = slots.Select(one => one.Format).FirstOrDefault(one => string.Equals(one, "json", StringComparison.OrdinalIgnoreCase)) ?? "JSON";
        var status = await WriteAsync(slot.ToListen(server, path, format, withSubscription: true), cancellationToken);
        // Older firmware keeps what it reports elsewhere.
        if (!status.IsOk && status.Is("badXmlContent", "badXmlFormat", "badParameters"))
            status = await WriteAsync(slot.ToListen(server, path, format, withSubscription: false), cancellationToken);
        return status.IsOk
            ? await CheckAsync(slots, slot.Id, one => one.Is(server) && one.Path == path, $"slot {slot.Id} posts to {server.GetLeftPart(UriPartial.Authority)}", cancellationToken)
            : (CommandOutcome.Of(status, $"slot {slot.Id}"), false);
    }

    private bool IsOurs(HttpHostSlot slot) =>
        PushToken.TryRead(slot.Path) is { } token && string.Equals(PushToken.HashOf(token), device.Row.CredentialSha256, StringComparison.OrdinalIgnoreCase);

    private Uri? ServerOf(IPAddress? localAddress, out string fault)
    {
        var text = services.Options.PublicUrl;
        fault = text.Length == 0
            ? $"Devices:Isapi:PublicUrl is not set: it is where devices reach this server, such as http://{localAddress?.ToString() ?? "192.0.2.5"}:8090"
            : $"Devices:Isapi:PublicUrl is {text}; it has to be http or https, an IP address (a name needs DNS in the device) and a port from 1024 to 65535";
        return Uri.TryCreate(text, UriKind.Absolute, out var server) && (server.Scheme == Uri.UriSchemeHttp || server.Scheme == Uri.UriSchemeHttps)
            && IPAddress.TryParse(server.IdnHost, out _) && server.Port is >= 1_024 and <= 65_535 ? server : null;
    }

    private async Task<(IReadOnlyList<HttpHostSlot>? Slots, string Words)> ReadAsync(CancellationToken cancellationToken)
    {
        var reply = await client.AskAsync(IsapiCall.Get(Target), cancellationToken);
        if (reply.Status is >= 200 and < 300 && HttpHostSlot.ReadAll(reply.Body) is { Count: > 0 } slots)
            return (slots, "");
        return (null, $"this device has no listeners that can be set: {reply.Judge().Words}");
    }

    private Task<ResponseStatus> WriteAsync(XElement slot, CancellationToken cancellationToken)
    {
        var id = slot.Elements().First(element => element.Name.LocalName == "id").Value;
        return client.TellAsync(
            IsapiCall.Xml("PUT", string.Create(CultureInfo.InvariantCulture, $"{Target}/{Uri.EscapeDataString(id)}"), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + slot.ToString(SaveOptions.DisableFormatting)), cancellationToken);
    }

    /// <returns>What to say, and whether the slot holds what was written, as far as can be known.</returns>
    private async Task<(CommandOutcome Outcome, bool IsRight)> CheckAsync(IReadOnlyList<HttpHostSlot> before, string id, Func<HttpHostSlot, bool> isRight, string done, CancellationToken cancellationToken)
    {
        var (after, words) = await ReadAsync(cancellationToken);
        if (after is null)
            return (CommandOutcome.Failed($"written, and could not be read back: {words}"), true);
        if (after.FirstOrDefault(now => now.Id == id) is not { } slot || !isRight(slot))
            return (CommandOutcome.Failed($"the device said OK, and slot {id} holds something else"), false);
        return before.Any(old => old.Id != id && after.FirstOrDefault(now => now.Id == old.Id)?.Text != old.Text)
            ? (CommandOutcome.Failed($"{done}; another slot has changed at the same time: look at the device's web page"), true)
            : (CommandOutcome.Done(done), true);
    }
}
