namespace MediaScore.DeviceStreams.ZkPush.Codes;

/// <summary>The codes of <c>ERRORLOG</c> that the manuals name.</summary>
internal static class ErrorCodes
{
    public static string Describe(string code) => code switch
    {
        "D01E0001" => "no face found",
        "D01E0002" => "face covered",
        "D01E0003" => "face blurred",
        "D01E0004" => "face turned too far",
        "D01E0005" => "not a living face",
        "D01E0006" => "features could not be extracted",
        "00000000" => "done",
        _ => "",
    };
}
