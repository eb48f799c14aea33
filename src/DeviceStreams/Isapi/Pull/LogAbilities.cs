using MediaScore.DeviceStreams.Isapi.Client;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>What a device's log can be asked for.</summary>
/// <param name="PageSize">More is refused by some, and cut without a word by others.</param>
/// <param name="HasSerials">It can be asked by serial.</param>
internal sealed record LogAbilities(int PageSize, bool HasSerials)
{
    /// <summary>The smallest page that was seen.</summary>
    public const int SmallestPage = 10;

    private const int LargestPage = 30;

    /// <exception cref="IsapiException">It cannot be reached, or is busy now: what is guessed here would hold for the whole connection.</exception>
    public static async Task<LogAbilities> ReadAsync(PatientClient client, CancellationToken cancellationToken)
    {
        var reply = await client.AskAsync(IsapiCall.Get("/ISAPI/AccessControl/AcsEvent/capabilities?format=json"), cancellationToken);
        if (reply.Judge() is { IsBusy: true } busy)
            throw new IsapiException(IsapiFault.Unreachable, $"how its log is asked: {busy.Words}");
        var root = reply.Read();
        var condition = (root?["AcsEvent"] ?? root)?["AcsEventCond"];
        // A range is {"@min", "@max"} or an attribute; what is missing is the usual.
        var most = condition?["maxResults"] is { } range ? range.NumberOf("@max") ?? range.NumberOf("max") : null;
        return new LogAbilities((int)Math.Clamp(most ?? LargestPage, 1, LargestPage), condition?["beginSerialNo"] is not null);
    }
}
