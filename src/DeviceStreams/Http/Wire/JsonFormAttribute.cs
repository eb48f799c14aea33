namespace MediaScore.DeviceStreams.Http.Wire;

/// <summary>What a field may hold that is of no one type here.</summary>
public enum JsonForm
{
    /// <summary>Any JSON object.</summary>
    Object,

    /// <summary>A number, true or false.</summary>
    NumberOrFlag,

    /// <summary>Text, or whole milliseconds.</summary>
    Time,
}

/// <summary>Says it to whoever reads the document of the device API.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class JsonFormAttribute(JsonForm form) : Attribute
{
    public JsonForm Form => form;
}
