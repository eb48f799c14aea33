namespace MediaScore.DeviceStreams.Gallery;

/// <summary>Somebody as an operator sees them.</summary>
/// <param name="Name">Empty where the tenant's key does not open it.</param>
/// <param name="ConsentGivenAt">Null: no consent, and no templates.</param>
public sealed record PersonEntry(
    string Id, string Number, string Name, bool IsBlocked, DateTimeOffset? ConsentGivenAt, string ConsentSource, DateTimeOffset? ConsentWithdrawnAt, int TemplateCount, DateTimeOffset CreatedAt);
