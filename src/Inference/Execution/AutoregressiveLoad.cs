namespace MediaScore.Inference;

/// <summary>What <see cref="AutoregressiveDecoder"/> must know of a decoder to run it. The extents of its tensors are read from the file.</summary>
/// <param name="Name">Name in metrics and statistics, as <c>moonshine-tiny-en/decoder</c>.</param>
/// <param name="Path">Moonshine's merged decoder as packaged (<c>decoder_merged.onnx</c>): its weights are read, its graph is not run.</param>
public sealed record AutoregressiveLoad(string Name, string Path)
{
    /// <summary>Most sequences that share a step. Default 16.</summary>
    // Measured with the graph that ran before these kernels (docs/decisions/0002): a step of 32 cost a row no less than one of 16, and every live row in it waited
    // longer. With the kernels a row costs as much in a step of 4 as in one of 16 (0008); beyond 16 it has not been measured again.
    public int MaxBatch { get; init; } = 16;

    /// <summary>Longest encoder output in frames. Memory is reserved for it in every slot, but touched only as far as used.</summary>
    public required int MaxFrames { get; init; }

    /// <summary>Most tokens of one answer, the start mark included.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Token that begins every sequence.</summary>
    public required int StartToken { get; init; }

    /// <summary>Token by which the model ends a sequence.</summary>
    public required int EndToken { get; init; }
}
