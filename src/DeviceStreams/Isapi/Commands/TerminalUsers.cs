using System.Globalization;
using System.Text.Json;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Commands;

/// <summary>
/// People on a device. Every deletion names one person: an empty or missing list means everybody to these devices, so none is ever built. What is not there counts as deleted.
/// </summary>
internal sealed class TerminalUsers(PatientClient device)
{
    /// <summary>Of a number; letters and digits.</summary>
    public const int MaxNumberLength = 32;

    private const int NameBytes = 128;

    // On some models, and they say so only when it is too long.
    private const int ShortNameBytes = 32;

    // Deleting touches every face of a person; the maker says a minute.
    private static readonly TimeSpan DeleteLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(1);
    private const int DeletePolls = 60;

    // The years that all firmware takes.
    private static readonly DateTime FirstDay = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);
    private static readonly DateTime LastDay = new(2037, 12, 31, 23, 59, 59, DateTimeKind.Unspecified);

    private bool? _hasDetailDelete;

    /// <returns>What is wrong with a number; null where nothing is.</returns>
    public static string? FaultOf(string number) => number is { Length: >= 1 and <= MaxNumberLength } && number.All(char.IsAsciiLetterOrDigit)
        ? null
        : $"a person's number on a Hikvision device has 1 to {MaxNumberLength} letters and digits";

    /// <summary>Makes the person, or changes the one that is there.</summary>
    public async Task<ResponseStatus> SetAsync(string number, string name, DateTime? from, DateTime? to, CancellationToken cancellationToken)
    {
        var status = await SetAsync(number, DeviceText.FitUtf8(name, NameBytes));
        return !status.IsOk && status.Is("beyondARGSRangeLimit") && name.Length > 0 ? await SetAsync(number, DeviceText.FitUtf8(name, ShortNameBytes)) : status;

        async Task<ResponseStatus> SetAsync(string employee, string fitted)
        {
            var user = JsonOf(employee, fitted, from ?? FirstDay, to ?? LastDay);
            var set = await device.TellAsync(IsapiCall.Json("PUT", "/ISAPI/AccessControl/UserInfo/SetUp?format=json", user), cancellationToken);
            // Some only change what is there, and some know no such call at all.
            if (set.IsOk || !(set.IsNotSupported || set.Code == 0 || set.Is("employeeNoNotExist", "deviceUserNotExist")))
                return set;
            var made = await device.TellAsync(IsapiCall.Json("POST", "/ISAPI/AccessControl/UserInfo/Record?format=json", user), cancellationToken);
            return made.IsOk || !made.Is("employeeNoAlreadyExist", "deviceUserAlreadyExist")
                ? made
                : await device.TellAsync(IsapiCall.Json("PUT", "/ISAPI/AccessControl/UserInfo/Modify?format=json", user), cancellationToken);
        }
    }

    /// <summary>Deletes the person with faces and cards.</summary>
    /// <exception cref="ArgumentException">The number is none: that would delete everybody.</exception>
    public async Task<ResponseStatus> DeleteAsync(string number, TerminalFaces faces, CancellationToken cancellationToken)
    {
        if (FaultOf(number) is { } fault)
            throw new ArgumentException(fault, nameof(number));
        object[] people = [new Dictionary<string, object> { ["employeeNo"] = number }];
        if (_hasDetailDelete ??= await HasDetailDeleteAsync(cancellationToken))
        {
            var all = Body("UserInfoDetail", new Dictionary<string, object> { ["mode"] = "byEmployeeNo", ["EmployeeNoList"] = people });
            var status = Forgiving(await device.TellAsync(Delete("/ISAPI/AccessControl/UserInfoDetail/Delete?format=json", all), cancellationToken));
            if (status.IsOk)
                return status.Code == 0 && status.SubCode.Length > 0 ? status : await AwaitDeletionAsync(status, cancellationToken);
            if (!status.IsNotSupported)
                return status;
            _hasDetailDelete = false;
        }

        // What belongs to the person first: some leave it behind, for whoever gets the number next.
        var face = await faces.DeleteAsync(number, cancellationToken);
        if (!face.IsOk && !face.IsNotSupported)
            return face;
        var cards = Forgiving(await device.TellAsync(Delete("/ISAPI/AccessControl/CardInfo/Delete?format=json", Body("CardInfoDelCond", new Dictionary<string, object> { ["EmployeeNoList"] = people })), cancellationToken));
        if (!cards.IsOk && !cards.IsNotSupported)
            return cards;
        return Forgiving(await device.TellAsync(Delete("/ISAPI/AccessControl/UserInfo/Delete?format=json", Body("UserInfoDelCond", new Dictionary<string, object> { ["EmployeeNoList"] = people })), cancellationToken));
    }

    /// <summary>Null where the device does not say.</summary>
    public async Task<(long? People, long? Faces)> CountAsync(CancellationToken cancellationToken)
    {
        var count = (await device.AskAsync(IsapiCall.Get("/ISAPI/AccessControl/UserInfo/Count?format=json"), cancellationToken)).Read()?["UserInfoCount"];
        return (count?.NumberOf("userNumber"), count?.NumberOf("bindFaceUserNumber"));
    }

    /// <summary>Deleting what is not there is done.</summary>
    internal static ResponseStatus Forgiving(ResponseStatus status) =>
        status.Is("employeeNoNotExist", "deviceUserNotExist", "deleteNoExistFace", "faceDataNotExist", "cardNoNotExist", "notExist") || status.Words.Contains("NO MATCH", StringComparison.OrdinalIgnoreCase)
            ? status with { IsOk = true, Code = 0, Words = "was not there" }
            : status;

    private static string Body(string root, Dictionary<string, object> content) => JsonSerializer.Serialize(new Dictionary<string, object> { [root] = content });

    private static IsapiCall Delete(string target, string body) => IsapiCall.Json("PUT", target, body) with { Limit = DeleteLimit };

    private static string JsonOf(string number, string name, DateTime from, DateTime to) => Body("UserInfo", new Dictionary<string, object>
    {
        ["employeeNo"] = number,
        ["name"] = name,
        ["userType"] = "normal",
        ["Valid"] = new Dictionary<string, object> { ["enable"] = true, ["beginTime"] = TimeOf(from), ["endTime"] = TimeOf(to), ["timeType"] = "local" },
        // Both, or the person opens nothing: the door, and the plan (1: always) by which.
        ["doorRight"] = "1",
        ["RightPlan"] = new object[] { new Dictionary<string, object> { ["doorNo"] = 1, ["planTemplateNo"] = "1" } },
    });

    private static string TimeOf(DateTime time)
    {
        var within = time < FirstDay ? FirstDay : time > LastDay ? LastDay : time;
        return within.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
    }

    private async Task<bool> HasDetailDeleteAsync(CancellationToken cancellationToken)
    {
        var root = (await device.AskAsync(IsapiCall.Get("/ISAPI/AccessControl/capabilities"), cancellationToken)).Read();
        var abilities = root?["AccessControl"] ?? root;
        return abilities?.FlagOf("isSupportUserInfoDetailDelete") == true;
    }

    /// <summary>It answers at once, and deletes after that.</summary>
    private async Task<ResponseStatus> AwaitDeletionAsync(ResponseStatus begun, CancellationToken cancellationToken)
    {
        for (var i = 0; i < DeletePolls; i++)
        {
            var root = (await device.AskAsync(IsapiCall.Get("/ISAPI/AccessControl/UserInfoDetail/DeleteProcess?format=json"), cancellationToken)).Read();
            var state = (root?["UserInfoDetailDeleteProcess"] ?? root)?.TextOf("status") ?? "";
            switch (state.ToUpperInvariant())
            {
                case "SUCCESS":
                    return begun;
                case "FAILED":
                    return begun with { IsOk = false, Words = "the device failed to delete the person" };
                default:
                    await Task.Delay(PollPeriod, device.Time, cancellationToken);
                    break;
            }
        }

        return begun with { IsOk = false, Words = $"the device has not deleted the person within {DeletePolls} s" };
    }
}
