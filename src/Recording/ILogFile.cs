namespace MediaScore.Recording;

/// <summary>One open log file. The seam at which tests let disks fail, fill up and lose what was not flushed.</summary>
internal interface ILogFile : IDisposable
{
    long Length { get; }

    /// <summary>Fills as much of <paramref name="destination"/> as the file has from <paramref name="offset"/> on; returns the count.</summary>
    int Read(Span<byte> destination, long offset);

    void Write(ReadOnlySpan<byte> source, long offset);

    void Truncate(long length);

    /// <summary>Returns when everything written before is on the disk (fsync). Blocks.</summary>
    void Flush();
}

/// <summary>Opens log files.</summary>
internal interface ILogFiles
{
    /// <summary>Opens for writing, makes the file and its folder if need be, and keeps other writers out.</summary>
    /// <exception cref="LogFencedException">It is open for writing already, here or in another process.</exception>
    ILogFile OpenForWriting(string path);
}
