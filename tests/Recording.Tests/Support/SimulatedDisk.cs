namespace MediaScore.Recording.Tests.Support;

/// <summary>
/// A disk in memory that keeps apart what was written and what was flushed, so that a power cut can be tried; that fails when told to; and that writes down
/// what happened, in order.
/// </summary>
internal sealed class SimulatedDisk : ILogFiles
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SimulatedFile> _files = [];

    /// <summary>"write NAME", "flush NAME" and whatever a test adds.</summary>
    public List<string> Journal { get; } = [];

    /// <summary>Free bytes; a write that needs more fails after a part of it, as on a full disk.</summary>
    public long FreeBytes { get; set; } = long.MaxValue;

    public bool FailFlushes { get; set; }

    /// <summary>When set, each flush waits for it.</summary>
    public ManualResetEventSlim? FlushGate { get; set; }

    /// <summary>Set when a flush has begun.</summary>
    public ManualResetEventSlim FlushBegun { get; } = new();

    public ILogFile OpenForWriting(string path)
    {
        lock (_gate)
        {
            if (!_files.TryGetValue(path, out var file))
                _files.Add(path, file = new SimulatedFile(this, Path.GetFileName(path)));
            return file;
        }
    }

    public void Note(string what)
    {
        lock (_gate)
            Journal.Add(what);
    }

    /// <summary>Everything that was not flushed is gone.</summary>
    public void CutPower()
    {
        lock (_gate)
        {
            foreach (var file in _files.Values)
                file.Content = [.. file.Flushed];
        }
    }

    private sealed class SimulatedFile(SimulatedDisk disk, string name) : ILogFile
    {
        public List<byte> Content { get; set; } = [];

        public byte[] Flushed { get; private set; } = [];

        public long Length => Content.Count;

        public int Read(Span<byte> destination, long offset)
        {
            var count = (int)Math.Clamp(Content.Count - offset, 0, destination.Length);
            for (var i = 0; i < count; i++)
                destination[i] = Content[(int)offset + i];
            return count;
        }

        public void Write(ReadOnlySpan<byte> source, long offset)
        {
            disk.Note($"write {name}");
            var fits = (int)Math.Min(source.Length, disk.FreeBytes);
            Content.RemoveRange((int)offset, Content.Count - (int)offset);
            Content.AddRange(source[..fits]);
            disk.FreeBytes -= fits;
            if (fits < source.Length)
                throw new IOException("No space left on device");
        }

        public void Truncate(long length) => Content.RemoveRange((int)length, Content.Count - (int)length);

        public void Flush()
        {
            var content = Content.ToArray();
            disk.FlushBegun.Set();
            disk.FlushGate?.Wait();
            if (disk.FailFlushes)
                throw new IOException("Input/output error");
            Flushed = content;
            disk.Note($"flush {name}");
        }

        public void Dispose()
        {
        }
    }
}
