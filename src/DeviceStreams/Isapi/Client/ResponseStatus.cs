using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Client;

/// <summary>
/// What became of a request. The HTTP status alone says little: errors come with 200, "not supported" with 200, 400, 403 or 404, and success with a body that is no body.
/// </summary>
/// <param name="Code">The device's own, 0 where it gave none.</param>
/// <param name="SubCode">Its word, such as <c>employeeNoNotExist</c>; empty where it gave none.</param>
/// <param name="Words">For an operator.</param>
internal sealed record ResponseStatus(bool IsOk, int Code, string SubCode, string Words)
{
    // The most of a device's own text that is passed on.
    private const int MostWordChars = 160;

    private const int RebootRequired = 7;

    /// <summary>Saved, and not in force before the device starts again.</summary>
    public bool NeedsReboot => IsOk && Code == RebootRequired;

    public bool IsBusy => !IsOk && (Code == 2 || Is("deviceBusy", "serviceUnavailable"));

    public bool IsNotSupported => !IsOk && Is("notSupport", "methodNotAllowed", "badURLFormat");

    public static ResponseStatus Of(IsapiReply reply)
    {
        var isHttpOk = reply.Status is >= 200 and < 300;
        var root = reply.Read();
        var said = root?["ResponseStatus"] ?? (root?["statusCode"] is not null ? root : null);
        if (said is null)
            return new ResponseStatus(isHttpOk, 0, "", isHttpOk ? "done" : $"HTTP {reply.Status}");
        var code = (int)Math.Clamp(said.NumberOf("statusCode") ?? -1, -1, int.MaxValue);
        var sub = DeviceText.Clean(said.TextOf("subStatusCode"), MostWordChars);
        var status = DeviceText.Clean(said.TextOf("statusString"), MostWordChars);
        // 0 and 1 are OK, 7 is "saved, restart to use it". Without a number the word has to say it.
        var isOk = isHttpOk && (code is 0 or 1 or RebootRequired || (code < 0 && string.Equals(status, "OK", StringComparison.OrdinalIgnoreCase)));
        if (isOk)
            return new ResponseStatus(true, code, sub, code == RebootRequired ? "saved; the device has to start again to use it" : "done");
        // Often the name of the field that it did not like.
        var message = DeviceText.Clean(said.TextOf("errorMsg"), MostWordChars);
        var words = string.Join(", ", new[] { sub, status, message }.Where(word => word.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase));
        return new ResponseStatus(false, code, sub, words.Length > 0 ? words : $"HTTP {reply.Status}, status {code}");
    }

    public bool Is(params ReadOnlySpan<string> subCodes)
    {
        foreach (var one in subCodes)
        {
            if (string.Equals(SubCode, one, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
