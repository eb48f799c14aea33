namespace MediaScore.Storage.Devices;

/// <summary>Which events somebody looks for; null: any.</summary>
/// <param name="From">Inclusive, of <see cref="DeviceEventRow.OccurredAt"/>.</param>
/// <param name="To">Exclusive.</param>
/// <param name="BeforeId">Those stored before this one: the next page.</param>
public sealed record DeviceEventQuery(
    string Tenant,
    string? DeviceId = null,
    string? PersonNumber = null,
    DeviceEventKind? Kind = null,
    DeviceEventOutcome? Outcome = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    long? BeforeId = null);
