namespace MediaScore.Inference.Catalog;

/// <summary>Checks of one model's prepared folder.</summary>
internal static class PreparedFolder
{
    public const string Cure = "Run `mediascore models prepare`";

    /// <summary>Sum of the sizes of the files that are there.</summary>
    public static long TotalBytes(string folder, ModelDescription model) =>
        model.Files.Select(name => Path.Combine(folder, name)).Where(File.Exists).Sum(FileDigest.Bytes);

    /// <returns>The folder's record, when every file is there and is what was written.</returns>
    /// <exception cref="ModelUnavailableException">The first fault found.</exception>
    public static PreparedRecord Check(ModelCatalog catalog, ModelDescription model, string folder, Action<long>? bytesRead, CancellationToken cancellationToken)
    {
        var record = PreparedRecord.TryRead(folder)
            ?? throw new ModelUnavailableException(model.Id, ModelProblem.Missing, $"{Path.Combine(folder, PreparedRecord.FileName)} is missing or unreadable", Cure);
        var expected = PreparedRecord.Expected(catalog, model);
        if (!record.SameRecipe(expected) || !record.Files.Select(file => file.Name).SequenceEqual(model.Files))
        {
            throw new ModelUnavailableException(
                model.Id, ModelProblem.Stale,
                $"{folder} was prepared as {record.Version} ({record.Rewriter} revision {record.Revision}), this program needs {expected.Version} ({expected.Rewriter} revision {expected.Revision})",
                Cure);
        }

        long done = 0;
        foreach (var file in record.Files)
        {
            var path = Path.Combine(folder, file.Name);
            if (!File.Exists(path))
                throw new ModelUnavailableException(model.Id, ModelProblem.Missing, $"{path} is missing", Cure);
            var bytes = FileDigest.Bytes(path);
            if (bytes != file.Bytes)
                throw new ModelUnavailableException(model.Id, ModelProblem.Cut, $"{path} has {bytes:N0} bytes instead of {file.Bytes:N0}", Cure);
            var before = done;
            var sha256 = FileDigest.Sha256(path, read => bytesRead?.Invoke(before + read), cancellationToken);
            if (sha256 != file.Sha256)
                throw new ModelUnavailableException(model.Id, ModelProblem.WrongHash, $"{path} has SHA-256 {sha256}, {PreparedRecord.FileName} says {file.Sha256}", Cure);
            done += bytes;
        }

        return record;
    }
}
