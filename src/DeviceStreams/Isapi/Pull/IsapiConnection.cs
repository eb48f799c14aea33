using System.Threading.Channels;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Login;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>
/// One device that the server calls, for as long as it is approved: connects, listens, reads its log, tells it what to do; comes back whenever it was cut off, more slowly each time; and
/// stops at the first refusal of its login until a person has changed something.
/// </summary>
internal sealed partial class IsapiConnection : IAsyncDisposable
{
    // A connection that has held for so long was a good one.
    private static readonly TimeSpan HealthyAfter = TimeSpan.FromSeconds(60);

    // What the lock says, and then some: a try within it begins it anew.
    private static readonly TimeSpan LockMargin = TimeSpan.FromSeconds(30);

    private readonly IsapiServices _services;
    private readonly IsapiCounts _counts;
    private readonly LogProgress _progress;
    private readonly ReconnectDelay _delay;
    private readonly string _begunWith;
    private readonly string _serial;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<bool> _pokes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile IsapiStatus _status;
    private volatile IsapiSession? _session;
    private bool _wasAccepted;
    private Task? _loop;

    public IsapiConnection(Device device, IsapiServices services)
    {
        (Device, _services, _counts, _logger) = (device, services, services.CountsOf(device), services.Logger);
        (_begunWith, _serial) = (IsapiCursor.HashOf(device.Row), device.Row.Serial);
        _progress = new LogProgress(device, services.Registry, services.Time);
        _delay = new ReconnectDelay(TimeSpan.FromMilliseconds(services.Options.ReconnectMs), Random.Shared);
        _status = new IsapiStatus(device.Id, IsapiPhase.Connecting, "", services.Time.GetUtcNow(), null, "", _counts);
    }

    public Device Device { get; }

    public IsapiStatus Status => _status;

    /// <summary>While it is connected.</summary>
    public IsapiSession? Session => _session;

    public void Start() => _loop ??= Task.Run(() => RunAsync(_stopping.Token));

    /// <summary>A person has changed something about it: what was waited for may be there.</summary>
    public void Poke() => _pokes.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_loop is not null)
            await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _progress.Dispose();
        _stopping.Dispose();
    }

    /// <summary>False where a person has changed where it is or how it is entered: then this one is over.</summary>
    public bool IsOf(DeviceRow row) => _begunWith == IsapiCursor.HashOf(row) && _serial == row.Serial;

    /// <summary>For the phases of a session.</summary>
    internal void Say(IsapiPhase phase, string words, DateTimeOffset? retryAt = null)
    {
        var door = _services.RemoteChecks.TryGetValue(Device.Id, out var settings) ? settings.Describe() : "";
        if (phase == _status.Phase && words == _status.Words && door == _status.Door && retryAt == _status.RetryAt)
            return;
        _status = new IsapiStatus(Device.Id, phase, words, _services.Time.GetUtcNow(), retryAt, door, _counts);
        _services.Announce(_status);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            // What was poked before this is in the row that is read now.
            _pokes.Reader.TryRead(out _);
            var began = _services.Time.GetTimestamp();
            var (wait, words, phase) = await TryLiveAsync(cancellationToken);
            if (_services.Time.GetElapsedTime(began) >= HealthyAfter)
                _delay.Reset();
            if (phase == IsapiPhase.Waiting)
                wait = _delay.Next();
            if (cancellationToken.IsCancellationRequested)
                return;
            Say(phase, words, wait is { } known ? _services.Time.GetUtcNow() + known : null);
            await WaitAsync(wait ?? Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }

    /// <returns>How long to wait (null: until a person has changed something), and why.</returns>
    private async Task<(TimeSpan? Wait, string Words, IsapiPhase Phase)> TryLiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (login, address, fault) = Begin();
            if (login is null)
                return (null, fault, IsapiPhase.Stopped);
            await RenewAsync(cancellationToken);
            if (_progress.Cursor is { Stopped: { } stopped, StoppedUntil: var until })
                return (WaitUntil(until), stopped, IsapiPhase.Stopped);
            Say(IsapiPhase.Connecting, "");
            var pin = new CertificatePin(_progress.Cursor.Certificate);
            using var client = new IsapiClient(address!, login, pin, _services.Options, _services.Time);
            try
            {
                return (TimeSpan.Zero, await LiveAsync(client, pin, cancellationToken), IsapiPhase.Waiting);
            }
            finally
            {
                _wasAccepted |= client.WasAccepted;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (null, "", IsapiPhase.Stopped);
        }
        catch (IsapiException e) when (e.IsFinal)
        {
            LogStopped(Device.Id, e.Fault, e.Message);
            // It was right before, so this lock is somebody else's doing; one try when it is over, where an operator wants that, or will.
            DateTimeOffset? until = e.LockedFor is { } locked && _wasAccepted ? _services.Time.GetUtcNow() + locked + LockMargin : null;
            if (e.Fault != IsapiFault.NotAdmitted)
                await RememberStopAsync(e.Message, until);
            return (WaitUntil(until), e.Message, IsapiPhase.Stopped);
        }
        catch (IsapiException e)
        {
            LogUnreachable(Device.Id, e.Message);
            return (TimeSpan.Zero, e.Message, IsapiPhase.Waiting);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The disk's or the database's, or a bug: what was not stored is in the device's log, and is read from there.
            LogFailed(Device.Id, e);
            return (TimeSpan.Zero, "this server could not store what the device sent; it is read from the device's log later", IsapiPhase.Waiting);
        }
    }

    private (DeviceLogin? Login, Uri? Address, string Fault) Begin()
    {
        var row = Device.Row;
        if (!Uri.TryCreate(row.Address, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            return (null, null, "its address is not an address such as https://192.0.2.21: enter another one");
        return DeviceLogin.TryOpen(_services.Keys, row) is { } login ? (login, address, "") : (null, null, "it has no login: enter a user and password of the device");
    }

    /// <summary>
    /// Another login than the one that all of this is about: a person has been there, and everything that stopped or bound it begins anew. And a lock that was to be waited for is over.
    /// </summary>
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var login = IsapiCursor.HashOf(Device.Row);
        if (_progress.Cursor.Login != login)
            await _progress.ChangeAsync(cursor => cursor with { Login = login, Certificate = null, OwnSerial = null, Stopped = null, StoppedUntil = null }, cancellationToken);
        else if (_progress.Cursor.StoppedUntil <= _services.Time.GetUtcNow() && _services.Options.RetryAfterLock)
            await _progress.ChangeAsync(cursor => cursor with { Stopped = null, StoppedUntil = null }, cancellationToken);
    }

    /// <returns>Null: until a person has changed something.</returns>
    private TimeSpan? WaitUntil(DateTimeOffset? at)
    {
        if (at is not { } end || !_services.Options.RetryAfterLock)
            return null;
        var left = end - _services.Time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <param name="until">When it may be tried once more; null: when a person has changed something.</param>
    private async Task RememberStopAsync(string reason, DateTimeOffset? until)
    {
        try
        {
            await _progress.ChangeAsync(cursor => cursor with { Stopped = reason, StoppedUntil = until }, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // This process knows it; the next one will ask the device once more.
            LogFailed(Device.Id, e);
        }
    }

    /// <returns>Why it ended, for an operator.</returns>
    private async Task<string> LiveAsync(IsapiClient client, CertificatePin pin, CancellationToken cancellationToken)
    {
        // Before any proof of the password crosses the network, it is on the disk who the device is.
        await client.PrepareAsync(cancellationToken);
        if (pin.Known != _progress.Cursor.Certificate)
            await _progress.ChangeAsync(cursor => cursor with { Certificate = pin.Known }, cancellationToken);
        var info = await DeviceInfo.ReadAsync(client, cancellationToken);
        await IdentifyAsync(info, cancellationToken);
        _counts.CountConnection();
        await AdmitAsync(client, info, cancellationToken);
        LogConnected(Device.Id, info.Model, info.Firmware);
        using var session = new IsapiSession(this, client, info, _services, _progress);
        _session = session;
        try
        {
            return await session.RunAsync(cancellationToken);
        }
        finally
        {
            _session = null;
            // What is known by now is kept; where that fails it is read again.
            await _progress.WriteAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A device that nobody gave a serial is known by where it is: the first that answers there is the one.</summary>
    private async Task IdentifyAsync(DeviceInfo info, CancellationToken cancellationToken)
    {
        var row = Device.Row;
        // No serial of this maker has a dot or a colon.
        var isAddress = row.Serial.AsSpan().ContainsAny('.', ':')
            || (Uri.TryCreate(row.Address, UriKind.Absolute, out var address) && string.Equals(address.Host, row.Serial, StringComparison.OrdinalIgnoreCase));
        var expected = isAddress ? _progress.Cursor.OwnSerial : row.Serial;
        if (expected is null)
            await _progress.ChangeAsync(cursor => cursor with { OwnSerial = info.Serial }, cancellationToken);
        else if (!info.Is(expected))
            throw new IsapiException(IsapiFault.WrongDevice, $"another device answers there: {info.Serial}, not {expected}. Enter the right address or serial.");
    }

    private async Task AdmitAsync(IsapiClient client, DeviceInfo info, CancellationToken cancellationToken)
    {
        var row = Device.Row;
        var introduction = new DeviceIntroduction(row.Tenant, DeviceProtocol.Isapi, row.Serial, client.RemoteAddress)
        {
            Model = info.Model,
            Firmware = info.Firmware,
            CredentialSha256 = row.CredentialSha256,
        };
        if (await _services.Registry.AdmitAsync(introduction, cancellationToken) is { IsApproved: false } admission)
            throw new IsapiException(IsapiFault.NotAdmitted, admission.Reason);
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_pokes.Reader.WaitToReadAsync(over.Token).AsTask(), Task.Delay(wait, _services.Time, over.Token));
        await over.CancelAsync();
    }
}
