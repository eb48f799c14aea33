namespace MediaScore.DeviceStreams.Simulation;

/// <summary>
/// Pictures that simulated terminals show. A folder <c>1001</c> holds those of the person with that number, and so does a file <c>1001.jpg</c>; the folder <c>strangers</c> those of
/// people who are enrolled nowhere.
/// </summary>
public static class FaceFolder
{
    /// <summary>Folder of those who are enrolled nowhere.</summary>
    public const string Strangers = "strangers";

    // What one message of the device stream takes, with room for the rest of it.
    private const long MaxFileBytes = 1_000_000;

    // A gallery of a site; all of them are in memory.
    private const int MaxFiles = 5_000;
    private const long MaxBytes = 512 << 20;

    /// <summary>All faces of a folder, in the order of their paths.</summary>
    /// <exception cref="InvalidDataException">There is none, or one that no terminal could send; the message says which and why.</exception>
    public static IReadOnlyList<SimulatedFace> Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InvalidDataException($"There is no folder {folder}.");
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file).ToLowerInvariant() is ".jpg" or ".jpeg")
            .Order(StringComparer.Ordinal).Take(MaxFiles + 1).ToList();
        if (files.Count == 0)
            throw new InvalidDataException($"There are no pictures (.jpg, .jpeg) in {folder}. A folder with a person's number as its name holds that person's pictures.");
        if (files.Count > MaxFiles)
            throw new InvalidDataException($"There are more than {MaxFiles} pictures in {folder}.");
        var faces = new List<SimulatedFace>(files.Count);
        long bytes = 0;
        foreach (var file in files)
        {
            var face = ReadOne(folder, file);
            bytes += face.Jpeg.Length;
            if (bytes > MaxBytes)
                throw new InvalidDataException($"The pictures in {folder} have more than {MaxBytes >> 20} MiB together.");
            faces.Add(face);
        }

        return faces;
    }

    private static SimulatedFace ReadOne(string folder, string file)
    {
        var length = new FileInfo(file).Length;
        if (length > MaxFileBytes)
            throw new InvalidDataException($"{file} has {length / 1e6:0.0} MB; a terminal sends pictures of at most {MaxFileBytes / 1e6:0} MB.");
        var jpeg = File.ReadAllBytes(file);
        if (jpeg is not [0xFF, 0xD8, 0xFF, ..])
            throw new InvalidDataException($"{file} is no JPEG picture.");
        var parts = Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar);
        var person = parts.Length > 1 ? parts[0] : Path.GetFileNameWithoutExtension(file);
        return new SimulatedFace(person == Strangers ? "" : person, jpeg);
    }
}
