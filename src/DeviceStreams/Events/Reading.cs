namespace MediaScore.DeviceStreams.Events;

/// <summary>One measured value.</summary>
/// <param name="Name">What was measured, 1 to 64 characters.</param>
/// <param name="Unit">UCUM code, at most 16 characters; empty: none.</param>
internal readonly record struct Reading(string Name, double Value, string Unit);
