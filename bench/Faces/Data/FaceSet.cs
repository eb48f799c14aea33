using MediaScore.TestMedia;

namespace MediaScore.Benchmarks.Faces.Data;

/// <summary>The photos with names and the labelled pairs of the test media's <c>faces</c>.</summary>
internal sealed class FaceSet
{
    // Those of the pairs. The other named photos are left out: several of one person's there are one photo, which would be recognised by anything.
    private static readonly string[] Named = ["lfw10", "celeb5", "orl", "bbt"];

    private readonly string _folder;

    private FaceSet(string folder, string manifest, string pairs)
    {
        _folder = folder;
        Photos =
        [
            .. from columns in RowsOf(manifest)
               where Named.Contains(columns[2])
               select new Photo(columns[0], columns[1], columns[2]),
        ];
        Pairs = [.. RowsOf(pairs).Select(columns => new PhotoPair(columns[0], columns[1], columns[2], columns[3] == "same"))];
    }

    public IReadOnlyList<string> Subsets { get; } = Named;

    /// <summary>In the manifest's order: the first of a person's are those that are enrolled.</summary>
    public IReadOnlyList<Photo> Photos { get; }

    public IReadOnlyList<PhotoPair> Pairs { get; }

    /// <returns>Null where this machine has no media.</returns>
    public static FaceSet? TryLoad() =>
        SharedTestData.TryFind("faces") is { } folder && SharedTestData.TryFind("faces", "MANIFEST.tsv") is { } manifest && SharedTestData.TryFind("faces", "pairs.tsv") is { } pairs
            ? new FaceSet(folder, manifest, pairs)
            : null;

    public string PathOf(Photo photo) => Path.Combine(_folder, photo.File);

    private static IEnumerable<string[]> RowsOf(string path) => File.ReadLines(path).Skip(1).Select(line => line.Split('\t'));
}
