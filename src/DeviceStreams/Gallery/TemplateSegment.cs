using System.Runtime.InteropServices;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>Room for 256 templates: their codes, interleaved for the search, and their numbers. Not thread-safe.</summary>
// Pinned: a collector that moves memory leaves copies of what was there, and erasing a template would miss them.
internal sealed class TemplateSegment
{
    public const int Capacity = 4 * TemplateWords.Templates;

    /// <summary>Bytes that a search reads of a full segment.</summary>
    public const int CodeBytes = Capacity * EmbeddingCode.Dimensions;

    // A vector that lies across two cache lines costs two reads.
    private const int CacheLine = 64;

    private readonly byte[] _memory = GC.AllocateArray<byte>(CodeBytes + CacheLine, pinned: true);
    private readonly float[] _embeddings = GC.AllocateArray<float>(Capacity * EmbeddingCode.Dimensions, pinned: true);
    private readonly float[] _errors = new float[Capacity];
    private readonly GalleryTemplate?[] _owners = new GalleryTemplate?[Capacity];
    private readonly int _start;

    public TemplateSegment() => _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (CacheLine - 1));

    /// <summary>Whole groups, those without a template included.</summary>
    public ReadOnlySpan<TemplateWords> Groups => MemoryMarshal.Cast<byte, TemplateWords>(_memory.AsSpan(_start, CodeBytes));

    /// <summary>How far each code is from its template, in steps of the product of two codes.</summary>
    public ReadOnlySpan<float> Errors => _errors;

    /// <summary>Everything that is known of the faces, for tests of what is left.</summary>
    internal (ReadOnlyMemory<byte> Codes, ReadOnlyMemory<float> Embeddings) Memory => (_memory, _embeddings);

    public ReadOnlySpan<float> Embedding(int index) => _embeddings.AsSpan(index * EmbeddingCode.Dimensions, EmbeddingCode.Dimensions);

    public GalleryTemplate Owner(int index) => _owners[index]!;

    public void Set(int index, GalleryTemplate owner, ReadOnlySpan<float> embedding)
    {
        Span<sbyte> code = stackalloc sbyte[EmbeddingCode.Dimensions];
        _errors[index] = EmbeddingCode.Write(embedding, code) * EmbeddingCode.Scale * EmbeddingCode.Scale;
        _owners[index] = owner;
        embedding.CopyTo(_embeddings.AsSpan(index * EmbeddingCode.Dimensions));
        var words = Words(index);
        var from = MemoryMarshal.Cast<sbyte, uint>(code);
        for (var i = 0; i < from.Length; i++)
            words[i * TemplateWords.Templates] = from[i] ^ 0x8080_8080;
        code.Clear();
    }

    /// <summary>Overwrites what was there.</summary>
    public void Erase(int index)
    {
        (_errors[index], _owners[index]) = (0, null);
        _embeddings.AsSpan(index * EmbeddingCode.Dimensions, EmbeddingCode.Dimensions).Clear();
        var words = Words(index);
        for (var i = 0; i < TemplateWords.GroupWords; i++)
            words[i * TemplateWords.Templates] = 0;
    }

    /// <summary>From the template's first word on; its others lie <see cref="TemplateWords.Templates"/> words apart.</summary>
    private Span<uint> Words(int index) =>
        MemoryMarshal.Cast<byte, uint>(_memory.AsSpan(_start, CodeBytes))[((index / TemplateWords.Templates * TemplateWords.GroupWords * TemplateWords.Templates) + (index % TemplateWords.Templates))..];
}
