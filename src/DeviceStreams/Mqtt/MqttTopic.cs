using System.Diagnostics.CodeAnalysis;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>Whose message it is and what about: <c>mediascore/{tenant}/{serial}/{kind}</c>.</summary>
internal readonly record struct MqttTopic(string Tenant, string Serial, MqttMessageKind Kind)
{
    private const string Root = "mediascore";
    private const int NameLength = 64;

    public static bool TryParse(string? topic, out MqttTopic parsed)
    {
        parsed = default;
        // Nothing longer is one, and it may have 64 KiB.
        if (topic is not { Length: <= 160 } || topic.Split('/') is not [Root, var tenant, var serial, var word] || !IsTenant(tenant) || !DeviceRegistry.IsSerial(serial))
            return false;
        MqttMessageKind? kind = word switch
        {
            "hello" => MqttMessageKind.Hello,
            "seen" => MqttMessageKind.Seen,
            "event" => MqttMessageKind.Event,
            "reading" => MqttMessageKind.Reading,
            "result" => MqttMessageKind.Result,
            _ => null,
        };
        if (kind is not { } known)
            return false;
        parsed = new MqttTopic(tenant, serial, known);
        return true;
    }

    /// <summary>What a device publishes to.</summary>
    public static string Of(string tenant, string serial, string word) => $"{Root}/{tenant}/{serial}/{word}";

    /// <summary>What a device listens to.</summary>
    public static string Command(string tenant, string serial) => Of(tenant, serial, "command");

    /// <summary>Whether this server listens: <c>{"online":true}</c>, retained. Three levels, so no device has it.</summary>
    public static string Server(string tenant) => $"{Root}/{tenant}/server";

    /// <summary>All that devices of a tenant publish to.</summary>
    public static IEnumerable<string> Filters(string tenant) => Words.Select(word => Of(tenant, "+", word));

    /// <summary>Of a broker's client: <c>{tenant}/{serial}</c>.</summary>
    public static bool TryParseClient([NotNullWhen(true)] string? name, [NotNullWhen(true)] out string? tenant, [NotNullWhen(true)] out string? serial)
    {
        (tenant, serial) = (null, null);
        if (name is not { Length: <= (2 * NameLength) + 1 } || name.Split('/') is not [var first, var second] || !IsTenant(first) || !DeviceRegistry.IsSerial(second))
            return false;
        (tenant, serial) = (first, second);
        return true;
    }

    private static IEnumerable<string> Words => ["hello", "seen", "event", "reading", "result"];

    private static bool IsTenant(string tenant) => PersonRules.FaultOfTenant(tenant) is null;
}
