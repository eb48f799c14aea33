using System.Globalization;

namespace MediaScore.DeviceStreams.Isapi.Wire;

/// <summary>
/// One element of a body, JSON and XML alike, since devices answer one where the other was asked for. A list is its elements under one name, so that a list of one and a bare
/// object are the same. Names are compared without case and without namespace: three namespaces on one device, and every case, have been seen.
/// </summary>
internal sealed class IsapiNode(string name, string text = "", string namespaceName = "")
{
    // A body of nothing but members must not make every look-up a search through thousands. An event has 40.
    private const int MostMembers = 256;

    private readonly List<IsapiNode> _children = [];

    public string Name { get; } = name;

    /// <summary>Of a scalar, trimmed; empty for what has children.</summary>
    public string Text { get; set; } = text;

    /// <summary>Of XML; empty elsewhere.</summary>
    public string NamespaceName { get; } = namespaceName;

    /// <summary>In their order; attributes of XML among them, with an <c>@</c> before their name.</summary>
    public IReadOnlyList<IsapiNode> Children => _children;

    /// <summary>The first of that name, or null.</summary>
    public IsapiNode? this[string child]
    {
        get
        {
            for (var i = 0; i < _children.Count && i < MostMembers; i++)
            {
                if (Is(_children[i], child))
                    return _children[i];
            }

            return null;
        }
    }

    public IEnumerable<IsapiNode> All(string child) => _children.Where(node => Is(node, child));

    /// <summary>Empty where there is none.</summary>
    public string TextOf(string child) => this[child]?.Text ?? "";

    /// <summary>Null where it is missing or none: numbers also come as text.</summary>
    public long? NumberOf(string child) => long.TryParse(TextOf(child), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Null where it is missing or neither.</summary>
    public bool? FlagOf(string child) => ReadFlag(TextOf(child));

    /// <summary>Null where it is neither.</summary>
    public static bool? ReadFlag(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => null,
    };

    public void Add(IsapiNode child) => _children.Add(child);

    private static bool Is(IsapiNode node, string name) => string.Equals(node.Name, name, StringComparison.OrdinalIgnoreCase);
}
