namespace MediaScore.DeviceStreams.Simulation;

/// <summary>What became of one frame of a simulated terminal.</summary>
/// <param name="Verdict">As the server names it: <c>Used</c>, <c>NoFace</c>, <c>Busy</c> and so on.</param>
/// <param name="DueAt">When it was due to be sent.</param>
/// <param name="SentAt">When the terminal began to send it: later than that is its own doing, or that of a server which took nothing.</param>
public sealed record SimulatedFrame(string Serial, string Verdict, DateTimeOffset DueAt, DateTimeOffset SentAt, DateTimeOffset AnsweredAt);
