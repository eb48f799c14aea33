using System.Collections.Concurrent;
using MediaScore.Inference.Graphs;

namespace MediaScore.Inference.Catalog;

/// <summary>The folder of prepared models. Thread-safe; a model's files are checked once, when it is first asked for.</summary>
public sealed class PreparedModels
{
    private readonly IReadOnlyDictionary<string, string> _overrides;
    private readonly ConcurrentDictionary<string, PreparedModel> _checked = new();

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
    /// <exception cref="ModelUnavailableException">An override names a model that is not in the catalog.</exception>
    public static PreparedModels Open(string folder, ModelCatalog catalog, IReadOnlyDictionary<string, string>? overrides = null)
    {
        foreach (var id in overrides?.Keys ?? [])
            catalog.Get(id);
        return new PreparedModels(Path.GetFullPath(folder), catalog, overrides ?? new Dictionary<string, string>());
    }

    /// <summary>The model, its files checked by size, hash and operator set.</summary>
    /// <exception cref="ModelUnavailableException">Not in the catalog, missing, cut, altered, or prepared by another revision.</exception>
    public PreparedModel Get(string id) => _checked.GetOrAdd(id, Check);

    /// <summary>Like <see cref="Get"/>, for callers that go on without the model.</summary>
    public bool TryGet(string id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PreparedModel? model, out string problem)
    {
        try
        {
            model = Get(id);
            problem = "";
            return true;
        }
        catch (ModelUnavailableException exception)
        {
            model = null;
            problem = exception.Message;
            return false;
        }
    }

    /// <summary>Like <see cref="Get"/>, but looks at the disk again.</summary>
    internal PreparedModel Check(string id)
    {
        var description = Catalog.Get(id);
        if (_overrides.TryGetValue(id, out var path))
            return CheckOverride(description, Path.GetFullPath(path));
        var folder = Path.Combine(Folder, id);
        var record = PreparedFolder.Check(Catalog, description, folder, null, CancellationToken.None);
        return new PreparedModel(description, record.Version, false, description.Files.ToDictionary(file => file, file => Path.Combine(folder, file)));
    }

    private PreparedModel CheckOverride(ModelDescription description, string path)
    {
        var cure = $"Correct or remove Models:Overrides:{description.Id}";
        var graphs = description.Files.Where(GraphFile.Is).ToList();
        var paths = description.Files.ToDictionary(file => file, file => Path.Combine(Folder, description.Id, file));
        if (Directory.Exists(path))
        {
            foreach (var file in description.Files)
                paths[file] = Path.Combine(path, file);
        }
        else if (description.Files.Count == 1 || graphs.Count == 1)
        {
            paths[graphs.Count == 1 ? graphs[0] : description.Files[0]] = path;
        }
        else
        {
            throw new ModelUnavailableException(
                description.Id, ModelProblem.Missing, $"{path} is no folder, and this model needs {string.Join(", ", description.Files)}", cure);
        }

        foreach (var (name, file) in paths)
        {
            if (!File.Exists(file))
                throw new ModelUnavailableException(description.Id, ModelProblem.Missing, $"{file} is missing", file.StartsWith(Folder, StringComparison.Ordinal) ? PreparedFolder.Cure : cure);
            if (GraphFile.Is(name))
                CheckOpset(description.Id, file, cure);
        }

        return new PreparedModel(description, $"override+{FileDigest.Sha256(paths[graphs.FirstOrDefault() ?? description.Files[0]])[..8]}", true, paths);
    }

    private static void CheckOpset(string id, string file, string cure)
    {
        int opset;
        try
        {
            opset = OnnxHeader.ReadOpset(file);
        }
        catch (InvalidDataException exception)
        {
            throw new ModelUnavailableException(id, ModelProblem.Cut, exception.Message.TrimEnd('.'), cure, exception);
        }

        if (opset is < OnnxHeader.OldestOpset or > OnnxHeader.NewestOpset)
        {
            throw new ModelUnavailableException(
                id, ModelProblem.WrongOpset, $"{file} uses operator set {opset}, this program runs {OnnxHeader.OldestOpset} to {OnnxHeader.NewestOpset}", cure);
        }
    }
}
