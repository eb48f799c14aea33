using System.Globalization;
using System.Security.Cryptography;
using MediaScore.DeviceStreams.Isapi.Login;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>A device's side of the digest, with its short-lived nonces and its lock. Thread-safe.</summary>
internal sealed class SimulatedLogin(IsapiDevicePlan plan, TimeProvider time)
{
    private const string LocalName = "userCheck";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private int _failures;
    private DateTimeOffset _lockedUntil;

    /// <summary>Wrong passwords, in all.</summary>
    public int FailureCount { get; private set; }

    /// <summary>Requests that came while it was locked: each made it longer.</summary>
    public int TriesWhileLocked { get; private set; }

    /// <summary>As if the nonces of everybody had grown old.</summary>
    public void ForgetNonces()
    {
        lock (_gate)
            _uses.Clear();
    }

    /// <summary>As if somebody else had guessed too often.</summary>
    public void Lock()
    {
        lock (_gate)
            _lockedUntil = time.GetUtcNow() + plan.LockTime;
    }

    /// <returns>Null where the request is allowed.</returns>
    public SimulatedResponse? Refuse(SimulatedRequest request)
    {
        lock (_gate)
        {
            if (time.GetUtcNow() < _lockedUntil)
            {
                TriesWhileLocked++;
                return LockedNow();
            }

            if (!request.Headers.TryGetValue("Authorization", out var field))
                return Challenge();
            var (scheme, given) = HeaderWords.Challenges([field]).FirstOrDefault();
            if (!string.Equals(scheme, "Digest", StringComparison.OrdinalIgnoreCase) || !given.TryGetValue("nonce", out var nonce) || !_uses.TryGetValue(nonce, out var uses))
                return Unauthorized(SimulatedWords.Xml("ResponseStatus", ("requestURL", request.Path), ("statusCode", 4), ("statusString", "Invalid Operation"), ("subStatusCode", "invalidOperation")));
            if (uses >= plan.NonceUses)
                return Unauthorized(SimulatedWords.Xml(LocalName, ("statusValue", 401), ("statusString", "Unauthorized")));
            _uses[nonce] = uses + 1;
            return IsRight(request, given) ? Accept() : Fail();
        }
    }

    private static SimulatedResponse Unauthorized(string body) => new(401, "application/xml", body);

    private bool IsRight(SimulatedRequest request, IReadOnlyDictionary<string, string> given)
    {
        if (!int.TryParse(given.GetValueOrDefault("nc"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var count))
            return false;
        var challenge = new DigestChallenge(Realm, given["nonce"], given.GetValueOrDefault("opaque"), null, HasQop: true, IsStale: false);
        var expected = challenge.Answer(plan.User, plan.Password, request.Method, request.Target, count, given.GetValueOrDefault("cnonce"));
        var response = HeaderWords.Challenges([expected]).First().Parameters["response"];
        return given.GetValueOrDefault("username") == plan.User && given.GetValueOrDefault("uri") == request.Target && given.GetValueOrDefault("response") == response;
    }

    private string Realm => "DS-" + plan.Serial[..Math.Min(plan.Serial.Length, 8)];

    private SimulatedResponse? Accept()
    {
        _failures = 0;
        return null;
    }

    private SimulatedResponse Fail()
    {
        FailureCount++;
        if (++_failures < plan.TriesBeforeLock)
        {
            if (!plan.CountsTries)
                return Challenge();
            return Unauthorized(SimulatedWords.Xml(
                LocalName, ("statusValue", 401), ("statusString", "Unauthorized"), ("lockStatus", "unlock"), ("retryLoginTime", plan.TriesBeforeLock - _failures))) with
            {
                Headers = [("WWW-Authenticate", ChallengeText())],
            };
        }

        _failures = 0;
        return LockedNow();
    }

    private SimulatedResponse LockedNow()
    {
        _lockedUntil = time.GetUtcNow() + plan.LockTime;
        return Unauthorized(SimulatedWords.Xml(
            LocalName, ("statusValue", 401), ("statusString", "Unauthorized"), ("lockStatus", "lock"), ("unlockTime", Math.Ceiling(plan.LockTime.TotalSeconds).ToString("0", CultureInfo.InvariantCulture))));
    }

    private SimulatedResponse Challenge() => new SimulatedResponse(401, "text/html", "<!DOCTYPE html><html><body>401 Unauthorized</body></html>") with { Headers = [("WWW-Authenticate", ChallengeText())] };

    private string ChallengeText()
    {
        // Days of a simulation ask more often than a device remembers.
        if (_uses.Count > 4_096)
            _uses.Clear();
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)) + "==";
        _uses[nonce] = 0;
        return $"Digest qop=\"auth\", realm=\"{Realm}\", nonce=\"{nonce}\", stale=\"false\", opaque=\"\", domain=\"::\"";
    }
}
