namespace MediaScore.DeviceStreams.Gallery;

/// <summary>Somebody whom doors may know, as the process remembers it.</summary>
/// <param name="DisplayName">May be empty.</param>
public sealed record KnownPerson(string Id, string Tenant, string Number, string DisplayName, bool IsBlocked);
