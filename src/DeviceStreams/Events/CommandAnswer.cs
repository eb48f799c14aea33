using System.Globalization;
using System.Text.Json;

namespace MediaScore.DeviceStreams.Events;

/// <summary>How a command went, as the device says.</summary>
/// <param name="Id">The command's; 0 where it is known from elsewhere (an address).</param>
/// <param name="Words">The device's own code and words.</param>
internal sealed record CommandAnswer(long Id, bool Succeeded, string Words)
{
    private const int MessageLength = 512;

    /// <param name="needsId">The answer itself says which command it is about.</param>
    /// <returns>Null with what is wrong.</returns>
    public static CommandAnswer? Read(JsonElement json, bool needsId, out string? fault)
    {
        var fields = new JsonFields(json);
        var id = fields.Integer("id", 1, long.MaxValue);
        if (needsId && id is null)
            fields.Fail("id is missing: which command it is about");
        var succeeded = fields.Flag("succeeded");
        if (succeeded is null)
            fields.Fail("succeeded is missing: true or false");
        var (code, message) = (fields.Integer("code", int.MinValue, int.MaxValue), fields.Text("message", MessageLength));
        fault = fields.Fault;
        return fault is null ? new CommandAnswer(id ?? 0, succeeded!.Value, string.Create(CultureInfo.InvariantCulture, $"{code} {message}").Trim()) : null;
    }
}
