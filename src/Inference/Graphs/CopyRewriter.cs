namespace MediaScore.Inference.Graphs;

/// <summary>Files that are used as packaged: each role is the name of the prepared file.</summary>
internal sealed class CopyRewriter : IGraphRewriter
{
    public string Name => "copy";

    public int Revision => 0;

    public void Rewrite(IReadOnlyDictionary<string, string> sources, string outputFolder)
    {
        foreach (var (role, path) in sources)
            File.Copy(path, Path.Combine(outputFolder, role));
    }
}
