namespace MediaScore.Inference.Catalog;

/// <summary>A model whose files are on disk and were checked when this was made.</summary>
public sealed class PreparedModel
{
    private readonly Dictionary<string, string> _paths;

    internal PreparedModel(ModelDescription description, string version, bool isOverride, Dictionary<string, string> paths)
    {
        Description = description;
        Version = version;
        IsOverride = isOverride;
        _paths = paths;
    }

    public ModelDescription Description { get; }

    public string Id => Description.Id;

    /// <summary>
    /// Goes into every observation: <c>0.1.29+c6fc4b7b</c> = version of the package and the head of the first source file's SHA-256, then
    /// <c>.r2</c> where the second revision of a rewriter made the graph, or <c>override+1a2b3c4d</c> for a file of the user's own.
    /// </summary>
    public string Version { get; }

    /// <summary>True where <c>Models:Overrides</c> replaced the packaged file.</summary>
    public bool IsOverride { get; }

    /// <summary>Path of a model of one graph.</summary>
    public string GraphPath => PathOf("model.onnx");

    /// <summary>Absolute path of a prepared file.</summary>
    /// <exception cref="ArgumentException">The model has no file of that name.</exception>
    public string PathOf(string file) => _paths.TryGetValue(file, out var path)
        ? path
        : throw new ArgumentException($"Model {Id} has no file '{file}', only {string.Join(", ", _paths.Keys)}.", nameof(file));
}
