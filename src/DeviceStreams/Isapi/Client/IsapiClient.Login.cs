using System.Net;
using MediaScore.DeviceStreams.Isapi.Login;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Client;

/// <summary>Proves who it is, and tells a wrong password from a nonce that has grown old and from a lock.</summary>
internal sealed partial class IsapiClient
{
    /// <summary>What can be asked without a login, to be asked for one.</summary>
    private const string ProbeTarget = "/ISAPI/System/deviceInfo";

    private const int MaxRefusalBytes = 64 << 10;

    // The shortest life of a nonce that was seen is 20 s.
    private static readonly TimeSpan NonceLife = TimeSpan.FromSeconds(15);

    private SpareNonce? _spare;
    private volatile IsapiException? _ended;
    private volatile bool _wasAccepted;

    /// <summary>The device has taken this login at least once.</summary>
    public bool WasAccepted => _wasAccepted;

    /// <summary>Gets a nonce ready, so that an urgent request needs one round trip and not two.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _spare) is { } spare && IsYoung(spare))
            return;
        if (await LimitedAsync(_limit, AskAsync, cancellationToken) is { } challenge)
            Keep(challenge);
    }

    private async Task<HttpResponseMessage> AuthenticatedAsync(IsapiCall call, CancellationToken cancellationToken)
    {
        var challenge = Interlocked.Exchange(ref _spare, null) is { } spare && IsYoung(spare) ? spare.Challenge : null;
        // Fetched for this very request. How old a spare one is only the device knows.
        var isFresh = false;
        // An empty write is refused before anybody asks who it is, and a picture need not cross the network twice.
        if (challenge is null && !call.Body.IsEmpty)
            (challenge, isFresh) = (await AskAsync(cancellationToken), true);
        var renewals = 0;
        while (true)
        {
            var response = await OnceAsync(call, challenge, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
            {
                _wasAccepted |= challenge is not null;
                KeepNext(response, challenge);
                return response;
            }

            var (refusal, offered) = await RefusedAsync(response, cancellationToken);
            ThrowIfLocked(refusal);
            // Known, and not allowed; or not supported, which some firmware says so.
            if (response.StatusCode == HttpStatusCode.Forbidden)
                return response;
            response.Dispose();
            if (challenge is null)
            {
                // Asked without one: this is the device's question.
                (challenge, isFresh) = (offered ?? throw End(OnlyBasic()), true);
                continue;
            }

            if (IsOfPassword(refusal, offered, isFresh))
                throw End(WrongLogin(refusal));
            if (++renewals > 1)
                throw new IsapiException(IsapiFault.Unreachable, "the device calls every nonce old");
            (challenge, isFresh) = (offered ?? await AskAsync(cancellationToken), true);
        }
    }

    /// <summary>
    /// A wrong password, and no old nonce. Of a fresh one there is no doubt. A spare one was never used and is seconds old: while nobody knows yet whether the login is right, what counts
    /// tries or asks anew is about the password, since a second try would cost another of the few that there are. Once it was right, both have to be there.
    /// </summary>
    private bool IsOfPassword(Refusal refusal, DigestChallenge? offered, bool isFresh)
    {
        if (offered?.IsStale == true)
            return false;
        var (counts, asks) = (refusal.TriesLeft is not null, offered is not null);
        return isFresh || (_wasAccepted ? counts && asks : counts || asks);
    }

    /// <summary>Asks for a nonce.</summary>
    /// <returns>Null where the device wants no login.</returns>
    private async Task<DigestChallenge?> AskAsync(CancellationToken cancellationToken)
    {
        using var response = await OnceAsync(IsapiCall.Get(ProbeTarget), null, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            if (response.IsSuccessStatusCode)
                return null;
            throw new IsapiException(IsapiFault.Unreachable, $"the device answers {(int)response.StatusCode} to {ProbeTarget}");
        }

        var (refusal, offered) = await RefusedAsync(response, cancellationToken);
        ThrowIfLocked(refusal);
        return offered ?? throw (response.StatusCode == HttpStatusCode.Unauthorized ? End(OnlyBasic()) : new IsapiException(IsapiFault.Unreachable, "the device answers 403 to everybody"));
    }

    private static async Task<(Refusal Refusal, DigestChallenge? Offered)> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var reply = await ReadAsync(response, MaxRefusalBytes, cancellationToken);
        IEnumerable<string> fields = response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? values.ToList() : [];
        return (Refusal.Read(reply.Body), DigestChallenge.TryFind(fields));
    }

    private static IsapiException OnlyBasic() =>
        new(IsapiFault.LoginRefused, "the device offers no Digest login, and its password is sent in no other way. Turn on digest authentication in the device's web page.");

    private static IsapiException WrongLogin(Refusal refusal) => new(
        IsapiFault.LoginRefused,
        $"the device does not take this login{(refusal.TriesLeft is { } left ? $"; {left} tries are left before it locks" : "")}. Nothing is tried again until a person enters another one.");

    private void ThrowIfLocked(Refusal refusal)
    {
        if (refusal is not { IsLocked: true, UnlockAfter: { } wait })
            return;
        throw End(new IsapiException(
            IsapiFault.Locked, $"the device has locked this login for {wait.TotalSeconds:0} s, after too many wrong passwords. Every further try makes it longer: wait, then enter the login again.")
        {
            LockedFor = wait,
        });
    }

    /// <summary>The same for everybody from now on.</summary>
    private IsapiException End(IsapiException reason) => _ended = reason;

    private void KeepNext(HttpResponseMessage response, DigestChallenge? used)
    {
        if (used is not null && response.Headers.NonValidated.TryGetValues("Authentication-Info", out var values)
            && HeaderWords.Parameter(";" + values, "nextnonce") is { Length: > 0 } next)
        {
            Keep(used with { Nonce = next, IsStale = false });
        }
    }

    private void Keep(DigestChallenge challenge) => Volatile.Write(ref _spare, new SpareNonce(challenge, _time.GetTimestamp()));

    private bool IsYoung(SpareNonce spare) => _time.GetElapsedTime(spare.Timestamp) < NonceLife;

    private sealed record SpareNonce(DigestChallenge Challenge, long Timestamp);
}
