namespace MediaScore.WebRtc.Rtcp;

/// <summary>
/// A 64-bit NTP timestamp (RFC 3550, 4): seconds since 1900 and their 2^-32 parts. The seconds wrap in 2036: differences are taken around the wrap, and dates below 2^31 seconds are those
/// after it (RFC 4330, 3).
/// </summary>
internal readonly record struct NtpTime(ulong Value)
{
    private const long SecondsFrom1900To1970 = 2_208_988_800;
    private const long EraSeconds = 1L << 32;

    public uint Seconds => (uint)(Value >> 32);

    public uint Fraction => (uint)Value;

    /// <summary>The middle 32 bits, 1/65,536 s: what a receiver report gives back as LSR.</summary>
    public uint Compact => (uint)(Value >> 16);

    /// <summary>From 1968 to 2104.</summary>
    public static NtpTime FromUnixMicroseconds(long microseconds)
    {
        var (seconds, rest) = Math.DivRem(microseconds, 1_000_000);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + 1_000_000);

        // Rounded up, so that the way back, which rounds down, gives the same microsecond.
        var fraction = (((ulong)rest << 32) + 999_999) / 1_000_000;
        return new NtpTime(((ulong)(uint)(seconds + SecondsFrom1900To1970) << 32) + fraction);
    }

    public long ToUnixMicroseconds()
    {
        var seconds = Seconds - SecondsFrom1900To1970 + (Seconds < 0x8000_0000 ? EraSeconds : 0);
        return (seconds * 1_000_000) + (long)(((ulong)Fraction * 1_000_000) >> 32);
    }

    /// <summary>Microseconds from <paramref name="earlier"/> to here, over the wrap too; up to 68 years either way.</summary>
    public long MicrosecondsSince(NtpTime earlier) => (long)((Int128)(long)(Value - earlier.Value) * 1_000_000 >> 32);

    /// <summary>A span in the unit of DLSR, 1/65,536 s; 0 for a negative one.</summary>
    public static uint ToCompact(TimeSpan span) =>
        span <= TimeSpan.Zero ? 0 : (uint)Int128.Min(uint.MaxValue, (Int128)span.Ticks * 65_536 / TimeSpan.TicksPerSecond);

    public static TimeSpan FromCompact(uint span) => TimeSpan.FromTicks(span * TimeSpan.TicksPerSecond / 65_536);
}
