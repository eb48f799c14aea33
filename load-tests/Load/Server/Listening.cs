using System.Text.Json.Serialization;

namespace MediaScore.Load.Server;

/// <summary>The first line of <c>mediascore serve --json</c>: where it listens, or why it does not. What else it holds is of no use here.</summary>
internal sealed record Listening
{
    public Uri? Http { get; init; }

    public Uri? Grpc { get; init; }

    public bool Ready { get; init; }

    public IReadOnlyList<string> Reasons { get; init; } = [];

    public string? Error { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Listening))]
internal sealed partial class ListeningJson : JsonSerializerContext;
