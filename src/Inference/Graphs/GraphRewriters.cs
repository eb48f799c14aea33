using MediaScore.Inference.Graphs.Moonshine;
using MediaScore.Inference.Graphs.Silero;
using MediaScore.Inference.Graphs.Tfjs;

namespace MediaScore.Inference.Graphs;

/// <summary>Every rewriter that a catalog can name.</summary>
internal static class GraphRewriters
{
    public static IReadOnlyList<IGraphRewriter> All { get; } =
    [
        new CopyRewriter(),
        new MoonshineGraphRewriter(),
        new FreeBatchRewriter(),
        new LlamaVocabularyRewriter(),
        new TfjsRewriter(),
        new SileroRewriter(),
    ];

    public static IGraphRewriter? TryFind(string name) => All.FirstOrDefault(rewriter => rewriter.Name == name);
}
