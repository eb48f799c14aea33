namespace MediaScore.DeviceStreams.Simulation;

/// <param name="PersonNumber">Whom it shows; empty: nobody who is enrolled.</param>
/// <param name="Jpeg">As a terminal's camera would send it.</param>
public sealed record SimulatedFace(string PersonNumber, ReadOnlyMemory<byte> Jpeg);
