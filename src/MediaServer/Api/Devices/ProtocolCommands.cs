using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediaScore.DeviceStreams.Isapi.Commands;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush.Commands;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>
/// What only one protocol's devices can be told, beside <see cref="CommandKinds"/>, and what each needs. No pictures of faces: they would still lie in the queue when their owner has
/// taken back the consent.
/// </summary>
internal static class ProtocolCommands
{
    // What is as good tomorrow.
    private static readonly TimeSpan Usual = TimeSpan.FromDays(1);

    // What somebody waits for, and would be surprised by later: a restart, an erased log.
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(5);

    // A misspelt name must not become "nothing said".
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly Dictionary<string, (Type Arguments, TimeSpan Lifetime)> ZkTeco = new(StringComparer.Ordinal)
    {
        [ZkCommandKinds.User] = (typeof(ZkUserArguments), Usual),
        [ZkCommandKinds.DeleteFace] = (typeof(DeleteArguments), Usual),
        [ZkCommandKinds.Query] = (typeof(ZkQueryArguments), Usual),
        [ZkCommandKinds.Options] = (typeof(ZkOptionsArguments), Usual),
        [ZkCommandKinds.ReadOptions] = (typeof(ZkReadOptionsArguments), Usual),
        [ZkCommandKinds.Info] = (typeof(Nothing), Usual),
        [ZkCommandKinds.Check] = (typeof(Nothing), Usual),
        [ZkCommandKinds.UploadLog] = (typeof(Nothing), Usual),
        [ZkCommandKinds.Reboot] = (typeof(Nothing), Now),
        [ZkCommandKinds.Clear] = (typeof(ZkClearArguments), Now),
    };

    private static readonly Dictionary<string, (Type Arguments, TimeSpan Lifetime)> Hikvision = new(StringComparer.Ordinal)
    {
        [IsapiCommandKinds.Listen] = (typeof(Nothing), Usual),
        [IsapiCommandKinds.Unlisten] = (typeof(Nothing), Usual),
        [IsapiCommandKinds.RemoteCheck] = (typeof(RemoteCheckArguments), Usual),
        [IsapiCommandKinds.Information] = (typeof(Nothing), Usual),
    };

    private static readonly Dictionary<string, (Type Arguments, TimeSpan Lifetime)> None = [];

    public static IReadOnlyCollection<string> KindsOf(DeviceProtocol protocol) => Of(protocol).Keys;

    /// <param name="given">Of the request; absent means an empty object.</param>
    /// <returns>False where this protocol has no such kind, or with what is wrong with the arguments.</returns>
    public static bool TryRead(DeviceProtocol protocol, string kind, JsonElement? given, [NotNullWhen(true)] out object? arguments, out TimeSpan lifetime, out string? fault)
    {
        (arguments, lifetime, fault) = (null, default, null);
        if (!Of(protocol).TryGetValue(kind, out var known))
            return false;
        lifetime = known.Lifetime;
        try
        {
            arguments = given is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } some ? some.Deserialize(known.Arguments, Strict) : JsonSerializer.Deserialize("{}", known.Arguments, Strict);
        }
        catch (JsonException)
        {
            // Its own words tell of types of this program.
        }

        var names = known.Arguments.GetConstructors()[0].GetParameters();
        if (arguments is null)
            fault = $"arguments of {kind}: " + (names.Length == 0 ? "there are none" : "an object of " + string.Join(", ", names.Select(name => JsonNamingPolicy.CamelCase.ConvertName(name.Name!) + (name.HasDefaultValue ? "" : " (needed)"))));
        return arguments is not null;
    }

    private static Dictionary<string, (Type Arguments, TimeSpan Lifetime)> Of(DeviceProtocol protocol) => protocol switch
    {
        DeviceProtocol.ZkAttendance or DeviceProtocol.ZkAccess => ZkTeco,
        DeviceProtocol.Isapi => Hikvision,
        _ => None,
    };

    private sealed record Nothing;
}
