using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace MediaScore.DeviceStreams.Isapi.Wire;

/// <summary>Reads XML of devices: no DTD, no entities but the five, bounded depth and size. A bare <c>&amp;</c> is read as one.</summary>
internal static class IsapiXml
{
    private const int MaxTextChars = IsapiBody.MaxBytes;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        // Names with control characters are cleaned where they are used.
        CheckCharacters = false,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        MaxCharactersInDocument = MaxTextChars,
    };

    // What is written back has to be XML again.
    private static readonly XmlReaderSettings StrictSettings = Strict();

    /// <returns>A node without a name that holds the root; null with the fault where it is none.</returns>
    public static IsapiNode? TryRead(string xml, out string fault)
    {
        if (!TryFindRoot(xml, out var root, out fault))
            return null;
        try
        {
            using var text = new StringReader(Mend(xml[root..]));
            using var reader = XmlReader.Create(text, Settings);
            return Read(reader, out fault);
        }
        catch (XmlException e)
        {
            fault = e.Message;
            return null;
        }
    }

    /// <summary>The root as the device wrote it, with its namespaces and all that nobody here knows: for what is written back.</summary>
    /// <returns>Null where <see cref="TryRead"/> finds none either, or where it holds characters that cannot be written.</returns>
    public static XElement? TryReadElement(string xml)
    {
        // Its bounds hold for the second reading as well.
        if (TryRead(xml, out _) is null || !TryFindRoot(xml, out var root, out _))
            return null;
        try
        {
            using var text = new StringReader(Mend(xml[root..]));
            using var reader = XmlReader.Create(text, StrictSettings);
            reader.MoveToContent();
            // What stands behind the root is nobody's here, too.
            using var element = reader.ReadSubtree();
            return XElement.Load(element);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>What may stand before the root, and what does: a prolog, comments, and the two characters <c>\n</c> of a careless printf.</summary>
    private static bool TryFindRoot(string xml, out int root, out string fault)
    {
        (root, fault) = (0, "");
        while ((root = xml.IndexOf('<', root)) >= 0 && root + 1 < xml.Length)
        {
            switch (xml[root + 1])
            {
                case '?':
                    root = xml.IndexOf("?>", root, StringComparison.Ordinal);
                    break;
                case '!' when xml.AsSpan(root).StartsWith("<!--"):
                    root = xml.IndexOf("-->", root, StringComparison.Ordinal);
                    break;
                case '!':
                    fault = "a document type is not read";
                    return false;
                default:
                    return true;
            }

            if (root < 0)
                break;
        }

        fault = "no element";
        return false;
    }

    private static IsapiNode? Read(XmlReader reader, out string fault)
    {
        var top = new IsapiNode("");
        var open = new Stack<(IsapiNode Node, StringBuilder Text)>();
        var budget = IsapiBody.MaxNodes;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    var (node, isEmpty) = (new IsapiNode(reader.LocalName, "", reader.NamespaceURI), reader.IsEmptyElement);
                    (open.TryPeek(out var parent) ? parent.Node : top).Add(node);
                    budget -= 1 + reader.AttributeCount;
                    AddAttributes(reader, node);
                    if (open.Count + 1 >= IsapiBody.MaxDepth || budget < 0)
                    {
                        fault = budget < 0 ? $"more than {IsapiBody.MaxNodes} elements" : $"elements nested more than {IsapiBody.MaxDepth} deep";
                        return null;
                    }

                    if (!isEmpty)
                        open.Push((node, new StringBuilder()));
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace when open.TryPeek(out var holder):
                    holder.Text.Append(reader.Value);
                    break;
                case XmlNodeType.EndElement:
                    var (ended, text) = open.Pop();
                    // Blanks between children are layout.
                    if (!ended.Children.Any(child => !child.Name.StartsWith('@')))
                        ended.Text = text.ToString().Trim();
                    break;
                default:
                    break;
            }

            // What stands behind the root is nobody's.
            if (open.Count == 0 && top.Children.Count > 0)
            {
                fault = "";
                return top;
            }
        }

        fault = "ends in the middle";
        return null;
    }

    private static void AddAttributes(XmlReader reader, IsapiNode node)
    {
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            if (reader.Prefix != "xmlns" && reader.LocalName != "xmlns")
                node.Add(new IsapiNode("@" + reader.LocalName, reader.Value.Trim()));
        }

        reader.MoveToElement();
    }

    /// <summary>Escapes what should have been: an ampersand that begins none of the five entities and no character reference.</summary>
    private static string Mend(string xml)
    {
        var at = xml.IndexOf('&', StringComparison.Ordinal);
        if (at < 0)
            return xml;
        var mended = new StringBuilder(xml.Length + 64).Append(xml, 0, at);
        for (; at < xml.Length; at++)
        {
            mended.Append(xml[at]);
            if (xml[at] == '&' && !IsReference(xml.AsSpan(at + 1)))
                mended.Append("amp;");
        }

        return mended.ToString();
    }

    private static bool IsReference(ReadOnlySpan<char> text)
    {
        // The longest character reference is &#x10FFFF;
        const int Longest = 9;
        var end = text[..Math.Min(text.Length, Longest)].IndexOf(';');
        if (end < 1)
            return false;
        return text[..end] switch
        {
            "amp" or "lt" or "gt" or "quot" or "apos" => true,
            ['#', 'x', .. { Length: > 0 } digits] => IsHex(digits),
            ['#', .. { Length: > 0 } digits] => !digits.ContainsAnyExceptInRange('0', '9'),
            _ => false,
        };
    }

    private static XmlReaderSettings Strict()
    {
        var settings = Settings.Clone();
        (settings.CheckCharacters, settings.IgnoreWhitespace) = (true, true);
        return settings;
    }

    private static bool IsHex(ReadOnlySpan<char> digits)
    {
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit))
                return false;
        }

        return true;
    }
}
