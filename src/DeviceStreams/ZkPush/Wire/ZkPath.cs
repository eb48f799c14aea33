namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>Which call a path means.</summary>
internal static class ZkPath
{
    private const string Root = "/iclock/";

    // "cdata", "service/control": nothing longer is known.
    private const int MaxLength = 32;

    /// <summary>
    /// What stands behind <c>/iclock/</c>, in lower case and without slashes around it; null where that is missing. Some firmware says <c>/iclock/iclock/cdata</c>, and a proxy may have put
    /// a prefix in front.
    /// </summary>
    public static string? CallOf(string path)
    {
        var at = path.LastIndexOf(Root, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var call = path[(at + Root.Length)..].Trim('/');
        return call.Length is > 0 and <= MaxLength ? call.ToLowerInvariant() : null;
    }
}
