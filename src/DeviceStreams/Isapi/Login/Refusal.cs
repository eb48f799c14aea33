using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Login;

/// <summary>What a device says with a 401 or 403, in all its spellings.</summary>
/// <param name="IsLocked">Too many wrong passwords, by whomever: every further try makes it longer.</param>
/// <param name="UnlockAfter">Null unless locked.</param>
/// <param name="TriesLeft">Null where it does not say. Counted down by wrong passwords only.</param>
internal readonly record struct Refusal(bool IsLocked, TimeSpan? UnlockAfter, long? TriesLeft)
{
    // Where a lock does not say how long it is.
    private static readonly TimeSpan UsualLock = TimeSpan.FromMinutes(5);

    // The longest that can be set is two hours.
    private static readonly TimeSpan LongestLock = TimeSpan.FromHours(24);

    public static Refusal Read(ReadOnlySpan<byte> body)
    {
        if (IsapiBody.TryRead(body, out _) is not { } root)
            return default;
        var said = root["userCheck"] ?? root["ResponseStatus"] ?? root;
        // Exactly: "unlock" is the usual word, and holds the other.
        var isLocked = said.TextOf("lockStatus").ToUpperInvariant() is "LOCK" or "LOCKED";
        var tries = said.NumberOf("retryLoginTime") ?? said.NumberOf("retryTimes");
        if (!isLocked)
            return new Refusal(false, null, tries);
        var seconds = said.NumberOf("unlockTime") ?? said.NumberOf("resLockTime");
        var wait = seconds is { } s and > 0 ? TimeSpan.FromSeconds(Math.Min(s, (long)LongestLock.TotalSeconds)) : UsualLock;
        return new Refusal(true, wait, tries);
    }
}
