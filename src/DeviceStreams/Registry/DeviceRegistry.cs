using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Registry;

/// <summary>Who may take part: every protocol asks here, for each connection or request. Unknown serials are held for a person's word. Thread-safe.</summary>
public sealed class DeviceRegistry(DeviceStore store, DeviceOptions options, TimeProvider time)
{
    private const int SerialLength = 64;
    private const int WordLength = 64;

    // Not every heartbeat is a write.
    private static readonly TimeSpan SeenInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Tenant, DeviceProtocol Protocol, string Serial), Device> _devices = new();

    // Writes of one device come one after another: of two at once, the one that read first would put back into memory what the other has just changed (a new key, a person's word), until
    // the next restart. Devices share turns, so that nothing is left of those that go.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>A person or a command changed a device; called after it is stored, on the caller's thread.</summary>
    public event Action<Device>? Changed;

    /// <summary>Reads what is stored. Once, before the first device.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken = default)
    {
        foreach (var row in await store.ListAsync(cancellationToken: cancellationToken))
            _devices[(row.Tenant, row.Protocol, row.Serial)] = new Device(row, time);
    }

    /// <summary>May this device take part? A newcomer is stored, and waits.</summary>
    /// <exception cref="ArgumentException">The serial is none: empty, too long, or with characters that no maker uses.</exception>
    public async ValueTask<Admission> AdmitAsync(DeviceIntroduction introduction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(introduction);
        ThrowIfNoSerial(introduction.Serial);
        var key = (introduction.Tenant, introduction.Protocol, introduction.Serial);
        if (!_devices.TryGetValue(key, out var device))
        {
            if (!options.ApproveNewcomers && PendingCount(introduction.Tenant) >= options.MaxPending)
                return new Admission(AdmissionVerdict.TooManyPending, null, $"{options.MaxPending} devices wait for approval already (Devices:MaxPending): approve or refuse some of them first.");
            var (row, _) = await store.FindOrAddAsync(Newcomer(introduction), cancellationToken);
            device = _devices.GetOrAdd(key, new Device(row, time));
        }

        var verdict = Judge(device.Row, introduction);
        if (verdict.Verdict is not (AdmissionVerdict.Approved or AdmissionVerdict.Pending))
            return verdict;
        await NoteAsync(device, introduction, cancellationToken);
        return verdict with { Device = device };
    }

    /// <summary>As it calls itself; null where nobody of that name has come yet.</summary>
    public Device? Find(string tenant, DeviceProtocol protocol, string serial) => _devices.GetValueOrDefault((tenant, protocol, serial));

    public Device? Find(string id) => _devices.Values.FirstOrDefault(device => device.Id == id);

    public bool IsOnline(Device device) => device?.SeenAt is { } seen && time.GetUtcNow() - seen < TimeSpan.FromSeconds(options.OfflineAfterS) + device.SpeaksEvery;

    /// <summary>Of one tenant or of all, in the order in which they came.</summary>
    public IReadOnlyList<Device> List(string? tenant = null) =>
        [.. _devices.Values.Where(device => tenant is null || device.Tenant == tenant).OrderBy(device => device.Row.CreatedAt).ThenBy(device => device.Id, StringComparer.Ordinal)];

    /// <summary>Changes what is stored of a device.</summary>
    /// <param name="announce">Raise <see cref="Changed"/>: not for what a connection notes about itself.</param>
    /// <returns>Null where there is none.</returns>
    public async Task<Device?> ChangeAsync(string id, Action<DeviceRow> change, bool announce = true, CancellationToken cancellationToken = default)
    {
        if (await UpdateAsync(id, change, cancellationToken) is not { } device)
            return null;
        if (announce)
            Changed?.Invoke(device);
        return device;
    }

    /// <summary>Stores a device that the server calls, or that is to be known before it comes; approved, since a person names it.</summary>
    public async Task<Device> AddAsync(DeviceRow row, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        ThrowIfNoSerial(row.Serial);
        var (stored, _) = await store.FindOrAddAsync(row, cancellationToken);
        return _devices.GetOrAdd((stored.Tenant, stored.Protocol, stored.Serial), new Device(stored, time));
    }

    /// <returns>False where there is none. Its events stay.</returns>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        var turn = TurnOf(id);
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (Find(id) is not { } device || !await store.RemoveAsync(id, cancellationToken))
                return false;
            _devices.TryRemove((device.Tenant, device.Row.Protocol, device.Row.Serial), out _);
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>A new id: 16 characters that nobody guesses.</summary>
    public static string NewId() => "dev-" + RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 16);

    /// <summary>What a serial number may look like.</summary>
    internal static bool IsSerial(string serial) => serial is { Length: >= 1 and <= SerialLength } && serial.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':');

    private static void ThrowIfNoSerial(string serial)
    {
        if (!IsSerial(serial))
            throw new ArgumentException($"A serial number has 1 to {SerialLength} characters of A-Z a-z 0-9 _ - . :", nameof(serial));
    }

    private static bool IsWithin(string network, IPAddress? from) =>
        from is not null && IPNetwork.TryParse(network, out var range) && range.Contains(from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from);

    private static Admission Judge(DeviceRow row, DeviceIntroduction introduction) => row switch
    {
        { State: DeviceState.Refused } => new Admission(AdmissionVerdict.Refused, null, "This device was refused by a person. Approve it on the devices page if that was wrong."),
        { CredentialSha256: { } known } when !string.Equals(known, introduction.CredentialSha256, StringComparison.Ordinal) =>
            new Admission(AdmissionVerdict.WrongCredential, null, "This serial is known by another key or certificate. If the device was reset, let a person forget its key."),
        { Network: { Length: > 0 } network } when !IsWithin(network, introduction.From) =>
            new Admission(AdmissionVerdict.WrongNetwork, null, $"This device may come from {network} only, not from {introduction.From}."),
        { State: DeviceState.Pending } => new Admission(AdmissionVerdict.Pending, null, "A person has to approve this device first, on the devices page."),
        _ => new Admission(AdmissionVerdict.Approved, null, ""),
    };

    private static string Word(string text) => text.Length <= WordLength ? text : text[..WordLength];

    private SemaphoreSlim TurnOf(string id) => _turns[(uint)id.GetHashCode(StringComparison.Ordinal) % (uint)_turns.Length];

    /// <summary>On the disk and in memory, as one step.</summary>
    private async Task<Device?> UpdateAsync(string id, Action<DeviceRow> change, CancellationToken cancellationToken)
    {
        var turn = TurnOf(id);
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (await store.UpdateAsync(id, change, cancellationToken) is not { } row)
                return null;
            var device = _devices.GetOrAdd((row.Tenant, row.Protocol, row.Serial), new Device(row, time));
            device.Row = row;
            return device;
        }
        finally
        {
            turn.Release();
        }
    }

    private int PendingCount(string tenant) => _devices.Values.Count(device => device.Tenant == tenant && device.Row.State == DeviceState.Pending);

    private DeviceRow Newcomer(DeviceIntroduction introduction) => new()
    {
        Id = NewId(),
        Tenant = introduction.Tenant,
        Protocol = introduction.Protocol,
        Serial = introduction.Serial,
        State = options.ApproveNewcomers ? DeviceState.Approved : DeviceState.Pending,
        Model = Word(introduction.Model),
        Firmware = Word(introduction.Firmware),
        CredentialSha256 = introduction.CredentialSha256,
    };

    /// <summary>Writes down what changed about it, and now and then that it is there.</summary>
    private async ValueTask NoteAsync(Device device, DeviceIntroduction introduction, CancellationToken cancellationToken)
    {
        var (row, now) = (device.Row, time.GetUtcNow());
        device.Saw();
        var model = introduction.Model.Length > 0 ? Word(introduction.Model) : row.Model;
        var firmware = introduction.Firmware.Length > 0 ? Word(introduction.Firmware) : row.Firmware;
        // The first key that it shows after a person made the server forget the old one is the one that counts from now on.
        var isNewKey = row.CredentialSha256 is null && introduction.CredentialSha256 is not null;
        if (!isNewKey && model == row.Model && firmware == row.Firmware && row.LastSeenAt is { } stored && now - stored < SeenInterval)
            return;
        void Note(DeviceRow known)
        {
            (known.Model, known.Firmware, known.LastSeenAt) = (model, firmware, now);
            known.CredentialSha256 ??= introduction.CredentialSha256;
        }

        await UpdateAsync(row.Id, Note, cancellationToken);
    }
}
