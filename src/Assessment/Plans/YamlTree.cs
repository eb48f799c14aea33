namespace MediaScore.Assessment.Plans;

/// <summary>A YAML document as read: every node knows its line. Aliases, tags and repeated keys never get this far.</summary>
/// <param name="Line">From 1.</param>
internal abstract record YamlTree(int Line);

/// <param name="Quoted">A quoted scalar is text, whatever it looks like.</param>
internal sealed record YamlText(int Line, string Value, bool Quoted) : YamlTree(Line);

internal sealed record YamlList(int Line, IReadOnlyList<YamlTree> Items) : YamlTree(Line);

internal sealed record YamlFields(int Line, IReadOnlyList<YamlField> Fields) : YamlTree(Line)
{
    public YamlTree? Find(string name) => Fields.FirstOrDefault(f => f.Name == name)?.Value;
}

/// <param name="Line">Of the name.</param>
internal sealed record YamlField(string Name, int Line, YamlTree Value);
