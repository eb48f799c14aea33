namespace MediaScore.Inference.Graphs;

/// <summary>
/// Makes prepared files out of packaged ones, before anything runs. Named in the catalog by <c>rewrite</c> and listed in <see cref="GraphRewriters"/>.
/// The same sources must give the same bytes: versions of models are told apart by them.
/// </summary>
internal interface IGraphRewriter
{
    /// <summary>Name in the catalog.</summary>
    string Name { get; }

    /// <summary>Raised with every change of the output; prepared models of another revision are made again.</summary>
    int Revision { get; }

    /// <param name="sources">Path of each packaged file (hash checked) by its role in the catalog. Not to be changed.</param>
    /// <param name="outputFolder">Empty folder that receives exactly the files that the catalog lists.</param>
    /// <exception cref="InvalidDataException">The source is not what this rewriter knows; the message names the node or field.</exception>
    void Rewrite(IReadOnlyDictionary<string, string> sources, string outputFolder);
}
