using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MediaScore.Inference.Decoding;

/// <summary>Adds, in each of eight lanes, the four products of unsigned and signed bytes. Exact, so every implementation gives the same sums.</summary>
public interface IByteDotProduct
{
    static abstract Vector256<int> Add(Vector256<int> sums, Vector256<byte> unsigned, Vector256<sbyte> signed);
}

/// <summary>One instruction (AVX-VNNI).</summary>
public readonly struct VnniDotProduct : IByteDotProduct
{
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> unsigned, Vector256<sbyte> signed) =>
        AvxVnni.MultiplyWideningAndAdd(sums, unsigned, signed);
}

/// <summary>In 16 bits, two products to a lane: the byte instruction of AVX2 would saturate.</summary>
public readonly struct Avx2DotProduct : IByteDotProduct
{
    // HorizontalAdd works within 128-bit halves; this puts its quarters into the order of the columns.
    private const byte QuartersInOrder = 0b11_01_10_00;

    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> unsigned, Vector256<sbyte> signed)
    {
        var lower = Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(unsigned.GetLower()), Avx2.ConvertToVector256Int16(signed.GetLower()));
        var upper = Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(unsigned.GetUpper()), Avx2.ConvertToVector256Int16(signed.GetUpper()));
        return sums + Avx2.Permute4x64(Avx2.HorizontalAdd(lower, upper).AsInt64(), QuartersInOrder).AsInt32();
    }
}

/// <summary>For every other processor.</summary>
public readonly struct PortableDotProduct : IByteDotProduct
{
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> unsigned, Vector256<sbyte> signed)
    {
        // A product of two bytes fits 16 bits: at most 255 * 127, at least 255 * -128.
        var lower = SumFours(Vector256.WidenLower(unsigned).AsInt16() * Vector256.WidenLower(signed));
        var upper = SumFours(Vector256.WidenUpper(unsigned).AsInt16() * Vector256.WidenUpper(signed));
        return sums + Vector256.Narrow(lower, upper);
    }

    private static Vector256<long> SumFours(Vector256<short> products)
    {
        var pairs = products.AsInt32();
        var twos = ((pairs << 16) >> 16) + (pairs >> 16);
        return (twos + (twos.AsInt64() >>> 32).AsInt32()).AsInt64();
    }
}
