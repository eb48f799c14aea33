using MediaScore.Inference.Graphs.Moonshine;

namespace MediaScore.Inference.Graphs;

/// <summary>Every rewriter that a catalog can name.</summary>
internal static class GraphRewriters
{
    public static IReadOnlyList<IGraphRewriter> All { get; } =
    [
        new CopyRewriter(),
        new MoonshineGraphRewriter(),
    ];

    public static IGraphRewriter? TryFind(string name) => All.FirstOrDefault(rewriter => rewriter.Name == name);
}
