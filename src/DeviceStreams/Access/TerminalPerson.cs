namespace MediaScore.DeviceStreams.Access;

/// <summary>Somebody as a terminal knows them.</summary>
/// <param name="Number">What the terminal calls PIN; 1 to 32 characters, not checked further.</param>
/// <param name="Name">May be empty: some terminals send none though they have one.</param>
/// <param name="IsDisabled">On the terminal's black list.</param>
public sealed record TerminalPerson(string Number, string Name, bool IsDisabled);
