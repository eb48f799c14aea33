using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace MediaScore.DeviceStreams.Http.Wire;

/// <summary>What happened at a device.</summary>
public sealed record EventBatch
{
    /// <summary>In any order; at most 1,000.</summary>
    [MinLength(1), MaxLength(1_000)] public required IReadOnlyList<ReportedEvent> Events { get; init; }
}

/// <summary>One event. It is stored once, however often it is sent: id tells it from all others of this device; without one seq does, and without that the whole event, which then needs a time.</summary>
public sealed record ReportedEvent
{
    /// <summary>The device's own id of the event, never used again: printable ASCII without spaces.</summary>
    [MinLength(1), MaxLength(64)] public string? Id { get; init; }

    /// <summary>The device's own number of the event, growing. A device that begins again at 1 tells its events' times too, or a boot.</summary>
    public long? Seq { get; init; }

    /// <summary>Something that is another after each start of the device; with seq.</summary>
    [MaxLength(32)] public string? Boot { get; init; }

    /// <summary>When it happened: RFC 3339 text, or milliseconds since 1970 UTC. A time without a zone is taken in the device's. Absent: when it arrives.</summary>
    [JsonForm(JsonForm.Time)] public JsonElement? At { get; init; }

    /// <summary>"access" (somebody asked a door to open), "attendance", "door" (it moved), "alarm", "device" (about itself), "button", "battery", "seen" (a badge at a reader) or "reading" (a measurement).</summary>
    [RegularExpression("^(access|attendance|door|alarm|device|button|battery|seen|reading)$")] public required string Kind { get; init; }

    /// <summary>"none", "granted", "denied", "not-recognised", "spoof", "timed-out" or "not-assessed". Absent: "none".</summary>
    [RegularExpression("^(none|granted|denied|not-recognised|spoof|timed-out|not-assessed)$")] public string? Outcome { get; init; }

    /// <summary>The person's number, as the device knows it.</summary>
    [MaxLength(64)] public string? Person { get; init; }

    /// <summary>"face", "card", "fingerprint", "password", "palm", "button", "badge", or several joined by "+".</summary>
    [MaxLength(32)] public string? Method { get; init; }

    /// <summary>"in" or "out".</summary>
    [RegularExpression("^(in|out)$")] public string? Direction { get; init; }

    /// <summary>Which door; absent: the device's own.</summary>
    [MaxLength(64)] public string? Door { get; init; }

    /// <summary>The device's own code.</summary>
    [MaxLength(64)] public string? Code { get; init; }

    /// <summary>For a log.</summary>
    [MaxLength(256)] public string? Reason { get; init; }

    /// <summary>The badge that was seen; needed where kind is "seen".</summary>
    [MaxLength(64)] public string? Badge { get; init; }

    /// <summary>The reader that saw it.</summary>
    [MaxLength(64)] public string? Reader { get; init; }

    /// <summary>Strength of the badge's signal, dBm.</summary>
    [Range(-200.0, 50.0)] public double? RssiDbm { get; init; }

    /// <summary>Charge of the badge's or device's battery, percent.</summary>
    [Range(0.0, 100.0)] public double? BatteryPercent { get; init; }

    /// <summary>What was measured, where kind is "reading" and it is one value: name, value and unit stand here; several stand in readings.</summary>
    [MaxLength(64)] public string? Name { get; init; }

    /// <summary>A number, or true (1) or false (0).</summary>
    [JsonForm(JsonForm.NumberOrFlag)] public JsonElement? Value { get; init; }

    /// <summary>UCUM code: "Cel", "%", "lx".</summary>
    [MaxLength(16)] public string? Unit { get; init; }

    /// <summary>Several values that were measured together.</summary>
    [MinLength(1), MaxLength(16)] public IReadOnlyList<ReportedReading>? Readings { get; init; }

    /// <summary>What else the device has to say: any object, at most 3,000 characters; stored as it is.</summary>
    [JsonForm(JsonForm.Object)] public JsonElement? Detail { get; init; }
}

/// <summary>One measured value.</summary>
public sealed record ReportedReading
{
    /// <summary>What was measured.</summary>
    [MinLength(1), MaxLength(64)] public required string Name { get; init; }

    /// <summary>A number, or true (1) or false (0).</summary>
    [JsonForm(JsonForm.NumberOrFlag)] public required JsonElement Value { get; init; }

    /// <summary>UCUM code: "Cel", "%", "lx".</summary>
    [MaxLength(16)] public string? Unit { get; init; }
}
