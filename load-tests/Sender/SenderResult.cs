using System.Text.Json.Serialization;
using MediaScore.Peers.Sessions;

namespace MediaScore.Sender;

/// <summary>What one sender did.</summary>
/// <param name="Whip">Where to, without a token.</param>
/// <param name="Error">Null where it was connected.</param>
/// <param name="ConnectMs">From the offer to the end of the handshake.</param>
internal sealed record SenderResult(string Whip, string? Error, double? ConnectMs, SenderStatistics? Statistics, long DatagramsLostUp, long DatagramsLostDown, long SendFailures);

/// <param name="CpuPercent">Of one core, while media flowed.</param>
/// <param name="WorstDelayMs">Most by which this program was late.</param>
internal sealed record RunResult(double Seconds, double CpuPercent, double WorstDelayMs, long PacketsSent, IReadOnlyList<SenderResult> Senders);

[JsonSerializable(typeof(RunResult))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
internal sealed partial class ResultJson : JsonSerializerContext;
