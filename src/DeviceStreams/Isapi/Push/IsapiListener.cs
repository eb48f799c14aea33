using System.Collections.Concurrent;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Isapi.Decisions;
using MediaScore.DeviceStreams.Isapi.Events;
using MediaScore.DeviceStreams.Isapi.Pull;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Isapi.Push;

/// <summary>
/// Hears devices that post their events (<c>httpHosts</c>). A function from request to reply. Whoever is known is answered 200 once the event is on the disk, and also for what cannot be
/// read: anything else makes these devices send the same again, for ever. 503 is said where the disk failed: then the same again is what is wanted. Thread-safe.
/// </summary>
public sealed partial class IsapiListener
{
    /// <summary>Largest body; the host reads no more.</summary>
    // A picture of the whole scene and one of the face, with room to spare.
    public const int MaxBodyBytes = 25 << 20;

    private static readonly DeviceReply Heard = new(200, "application/json", ReadOnlyMemory<byte>.Empty);

    private readonly ILogger _logger;
    private readonly IsapiServices _services;
    private readonly Func<string, IsapiSession?> _sessionOf;

    // By the hash of the token, so that not every post is a walk through all devices. Only a hint: the row decides, and the registry.
    private readonly ConcurrentDictionary<string, Device> _devices = new(StringComparer.Ordinal);

    internal IsapiListener(IsapiServices services, Func<string, IsapiSession?> sessionOf) => (_services, _sessionOf, _logger) = (services, sessionOf, services.Logger);

    /// <summary>A device posts to this path: its body is worth reading.</summary>
    public bool Knows(string path) => PushToken.TryRead(path) is { } token && Find(PushToken.HashOf(token)) is not null;

    /// <summary>Answers one request below <see cref="PushToken.PathPrefix"/>.</summary>
    public async Task<DeviceReply> HandleAsync(DeviceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var arrivedAt = _services.Time.GetUtcNow();
        if (PushToken.TryRead(request.Path) is not { } token || Find(PushToken.HashOf(token)) is not { } device)
            return DeviceReply.Text("nobody listens here", 404);
        if (request.Method is not ("POST" or "PUT"))
            return DeviceReply.Text("events are posted", 405) with { Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Allow"] = "POST, PUT" } };
        if (request.Body.Length > MaxBodyBytes)
            return DeviceReply.Text($"more than {MaxBodyBytes >> 20} MiB", 413);
        try
        {
            var admission = await _services.Registry.AdmitAsync(
                new DeviceIntroduction(device.Tenant, DeviceProtocol.Isapi, device.Row.Serial, request.From) { CredentialSha256 = PushToken.HashOf(token) }, cancellationToken);
            if (admission.IsApproved)
                return await TakeAsync(device, request, arrivedAt, cancellationToken);
            // It may send again what it says before a person has spoken; what was refused is refused.
            return admission.Verdict == AdmissionVerdict.Pending ? Again("a person has to approve this device first") : DeviceReply.Text(admission.Reason, 403);
        }
        catch (TimeoutException)
        {
            return Again("the disk is too slow now");
        }
        catch (Exception fault) when (fault is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            LogNotStored(device.Id, fault);
            return Again("could not be stored now");
        }
    }

    private static DeviceReply Again(string reason) =>
        DeviceReply.Text(reason, 503) with { Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Retry-After"] = "10" } };

    private Device? Find(string hash)
    {
        if (_devices.TryGetValue(hash, out var known) && IsOf(known, hash) && ReferenceEquals(_services.Registry.Find(known.Tenant, DeviceProtocol.Isapi, known.Row.Serial), known))
            return known;
        // Wrong guesses leave nothing behind.
        _devices.TryRemove(hash, out _);
        var found = _services.Registry.List().FirstOrDefault(device => IsOf(device, hash));
        if (found is not null)
            _devices[hash] = found;
        return found;
    }

    // Hashes of random tokens: how far two of them agree tells nobody anything.
    private static bool IsOf(Device device, string hash) => device.Row.Protocol == DeviceProtocol.Isapi && string.Equals(device.Row.CredentialSha256, hash, StringComparison.OrdinalIgnoreCase);

    private async Task<DeviceReply> TakeAsync(Device device, DeviceRequest request, DateTimeOffset arrivedAt, CancellationToken cancellationToken)
    {
        var counts = _services.CountsOf(device);
        var body = PushBody.Read(HeaderOf(request, "Content-Type"), request.Body.Span);
        if (body.HasHeartbeat)
            counts.CountHeartbeat();
        counts.CountUnreadable(body.UnreadableCount);
        if (body.UnreadableCount > 0)
            LogUnreadable(device.Id, request.Body.Length);
        var zone = device.Zone(_services.Devices.TimeZone);
        var rows = new List<DeviceEventRow>(body.Events.Count);
        var reply = Heard;
        foreach (var pushed in body.Events)
        {
            var row = EventMapper.ToRow(pushed.Event, device, zone, EventSource.Push, arrivedAt);
            if (pushed.Event.Numbers is (var major, var sub) && EventCodeTable.Find(major, sub) is null)
                counts.CountUnknownCode();
            if (pushed.Picture is { } picture)
            {
                counts.CountPicture();
                row.Picture = await WithinAsync(_services.Pictures.KeepAsync(device.Tenant, device.Id, row.DeduplicationKey, picture, cancellationToken), cancellationToken);
            }

            if (await TryAnswerAsync(device, pushed, row, zone, arrivedAt) is { } answered)
                reply = answered;
            else
                rows.Add(row);
        }

        if (rows.Count > 0)
        {
            var duplicates = await WithinAsync(_services.Journal.AppendAsync(rows, cancellationToken), cancellationToken);
            counts.CountStored(rows.Count - duplicates, duplicates);
        }

        return reply;
    }

    /// <exception cref="TimeoutException">The disk takes longer than a device waits.</exception>
    private Task<T> WithinAsync<T>(Task<T> storing, CancellationToken cancellationToken) => storing.WaitAsync(TimeSpan.FromMilliseconds(_services.Options.PushLimitMs), _services.Time, cancellationToken);

    /// <returns>Null where it is no question, or none that can be answered: then it is an event like others.</returns>
    private async Task<DeviceReply?> TryAnswerAsync(Device device, PushedEvent pushed, DeviceEventRow row, TimeZoneInfo zone, DateTimeOffset arrivedAt)
    {
        var settings = _services.RemoteChecks.GetValueOrDefault(device.Id, RemoteCheckSettings.OfListener);
        var session = _sessionOf(device.Id);
        var questions = _services.QuestionsOf(device);
        if (!questions.IsAsked(pushed.Event, row, zone, settings) || (settings.Way == AnswerWay.Request && session is null))
            return null;
        var answer = await questions.DecideAsync(pushed.Event, row, pushed.Picture, settings, arrivedAt);
        if (!answer.IsDue)
            return Heard;
        var serial = pushed.Event.Serial!.Value;
        if (settings.Way == AnswerWay.Reply)
            return new DeviceReply(200, "application/json", System.Text.Encoding.UTF8.GetBytes(answer.ToJson(serial)));
        session!.Answer(serial, answer, row, arrivedAt + settings.Timeout);
        return Heard;
    }

    private static string HeaderOf(DeviceRequest request, string name)
    {
        if (request.Headers.TryGetValue(name, out var value))
            return value;
        foreach (var (key, other) in request.Headers)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
                return other;
        }

        return "";
    }

    // It is counted; a device that posts nonsense does so many times a minute.
    [LoggerMessage(Level = LogLevel.Debug, Message = "Device {DeviceId} posted {Bytes} bytes that no event could be read from")]
    private partial void LogUnreadable(string deviceId, int bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "What device {DeviceId} posted could not be stored; it is told to send it again")]
    private partial void LogNotStored(string deviceId, Exception exception);
}
