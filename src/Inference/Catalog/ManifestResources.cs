using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MediaScore.Inference.Catalog;

/// <summary>Embedded resources of an assembly, read from its bytes (ECMA-335, II.24.2.6 and II.22.24): the assembly is never loaded, its code never runs.</summary>
internal sealed class ManifestResources : IDisposable
{
    private readonly byte[] _image;
    private readonly PEReader _assembly;
    private readonly Dictionary<string, (int Offset, int Length)> _resources = [];

    private ManifestResources(byte[] image)
    {
        _image = image;
        _assembly = new PEReader(new MemoryStream(image, writable: false));
        var metadata = _assembly.GetMetadataReader();
        var directory = _assembly.PEHeaders.CorHeader?.ResourcesDirectory ?? throw new InvalidDataException("The file is not a managed assembly.");
        if (!_assembly.PEHeaders.TryGetDirectoryOffset(directory, out var start))
            throw new InvalidDataException("The assembly's resources lie outside of its sections.");
        foreach (var handle in metadata.ManifestResources)
        {
            var resource = metadata.GetManifestResource(handle);
            if (!resource.Implementation.IsNil)
                continue;
            var offset = checked(start + (int)resource.Offset);
            var length = BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(offset, sizeof(int)));
            if (length < 0 || offset + sizeof(int) + (long)length > image.Length)
                throw new InvalidDataException("A resource runs past the end of the assembly.");
            _resources[metadata.GetString(resource.Name)] = (offset + sizeof(int), length);
        }
    }

    /// <exception cref="InvalidDataException">Not a managed assembly, or its resources run past its end.</exception>
    public static ManifestResources Read(ZipArchiveEntry entry)
    {
        var image = new byte[checked((int)entry.Length)];
        using var content = entry.Open();
        content.ReadExactly(image);
        return new ManifestResources(image);
    }

    public bool Contains(string name) => _resources.ContainsKey(name);

    public Stream Open(string name)
    {
        var (offset, length) = _resources[name];
        return new MemoryStream(_image, offset, length, writable: false);
    }

    public void Dispose() => _assembly.Dispose();
}
