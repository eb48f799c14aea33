namespace MediaScore.MediaServer.Cli;

/// <summary>Exit statuses of <c>mediascore</c>; scripts rely on them (docs/operations/cli.md).</summary>
internal enum ExitCode
{
    Done = 0,

    /// <summary>The command ran and its answer is no: reports differ, a model fails its check, doctor found a fault.</summary>
    No = 1,

    /// <summary>The call or its input is at fault: an argument, a media file, a plan.</summary>
    BadInput = 2,

    /// <summary>The server cannot be reached, or it refused.</summary>
    ServerRefused = 3,

    /// <summary>Something the machine lacks: FFmpeg, models, disk. The message has the command that mends it.</summary>
    Environment = 4,

    /// <summary>A fault of ours (sysexits' EX_SOFTWARE).</summary>
    Fault = 70,

    /// <summary>Ctrl+C (128 + SIGINT).</summary>
    Interrupted = 130,
}
