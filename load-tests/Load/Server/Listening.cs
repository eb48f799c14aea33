using System.Text.Json.Serialization;

namespace MediaScore.Load.Server;

/// <summary>The line that <c>mediascore serve --json</c> prints when it listens; what else it holds is of no use here.</summary>
internal sealed record Listening(string Http, string Grpc, bool Ready, IReadOnlyList<string> Reasons);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Listening))]
internal sealed partial class ListeningJson : JsonSerializerContext;
