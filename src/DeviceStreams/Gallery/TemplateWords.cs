using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>Four dimensions of 64 templates, eight in each vector, four bytes a template; four cache lines. A byte is the code's plus 128, since processors multiply unsigned by signed bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TemplateWords(
    Vector256<byte> First, Vector256<byte> Second, Vector256<byte> Third, Vector256<byte> Fourth,
    Vector256<byte> Fifth, Vector256<byte> Sixth, Vector256<byte> Seventh, Vector256<byte> Eighth)
{
    public const int Templates = 64;

    /// <summary>Words of one group of templates.</summary>
    public const int GroupWords = EmbeddingCode.Dimensions / sizeof(uint);

    /// <summary>What is added to a code's byte.</summary>
    public const int Offset = 128;
}
