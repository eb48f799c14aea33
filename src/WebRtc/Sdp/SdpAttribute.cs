namespace MediaScore.WebRtc.Sdp;

/// <summary><c>a=name:value</c>, or <c>a=name</c> with an empty value.</summary>
internal readonly record struct SdpAttribute(string Name, string Value)
{
    /// <summary>Without the value, which may be a password or an address.</summary>
    public override string ToString() => "a=" + Name;
}

/// <summary>The attributes of one level, session or media section, in the order of the text.</summary>
internal sealed class SdpAttributes
{
    private readonly List<SdpAttribute> _attributes = [];

    public int Count => _attributes.Count;

    public void Add(string name, string value) => _attributes.Add(new SdpAttribute(name, value));

    public bool Has(string name) => Find(name) is not null;

    /// <summary>Value of the first one; null where there is none.</summary>
    public string? Find(string name)
    {
        foreach (var attribute in _attributes)
        {
            if (attribute.Name == name)
                return attribute.Value;
        }

        return null;
    }

    public IEnumerable<string> All(string name)
    {
        foreach (var attribute in _attributes)
        {
            if (attribute.Name == name)
                yield return attribute.Value;
        }
    }
}
