namespace MediaScore.Storage.Devices;

/// <summary>A terminal, a badge or a sensor.</summary>
public sealed class DeviceRow
{
    /// <summary>1 to 64 characters of <c>[A-Za-z0-9_-]</c>, made here.</summary>
    public required string Id { get; set; }

    /// <summary>1 to 64 characters of <c>[a-z0-9-]</c>.</summary>
    public required string Tenant { get; set; }

    public DeviceProtocol Protocol { get; set; }

    /// <summary>The maker's, 1 to 64 characters; unique in a tenant and protocol.</summary>
    public required string Serial { get; set; }

    public DeviceState State { get; set; }

    /// <summary>What people call it, at most 128 characters.</summary>
    public string Name { get; set; } = "";

    public string Model { get; set; } = "";

    public string Firmware { get; set; } = "";

    /// <summary>The door it opens, at most 64 characters; empty: its own.</summary>
    public string Door { get; set; } = "";

    /// <summary>IANA name of the zone in which it tells the time; empty: the server's setting. Terminals send local times without a zone.</summary>
    public string TimeZone { get; set; } = "";

    /// <summary>SHA-256 of the key that it said when it came first, in hex, or of its client certificate's public key, "cert:" and base64; null where its protocol has neither.</summary>
    public string? CredentialSha256 { get; set; }

    /// <summary>The network (CIDR) that it may come from; null: any.</summary>
    public string? Network { get; set; }

    /// <summary>For devices that the server calls (ISAPI): scheme, host and port. Never a password.</summary>
    public string? Address { get; set; }

    /// <summary>User name and password for <see cref="Address"/>, sealed with the tenant's key.</summary>
    public byte[]? SealedLogin { get; set; }

    /// <summary>Least similarity of a match; null: the server's setting.</summary>
    public double? AcceptSimilarity { get; set; }

    public LivenessMode Liveness { get; set; } = LivenessMode.Report;

    /// <summary>Seconds that its door stays open.</summary>
    public int OpenSeconds { get; set; } = 3;

    /// <summary>How far its log is known, in the words of its protocol; null: nothing yet.</summary>
    public string? Cursor { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ApprovedAt { get; set; }

    /// <summary>To the minute or so: not every heartbeat is written.</summary>
    public DateTimeOffset? LastSeenAt { get; set; }
}
