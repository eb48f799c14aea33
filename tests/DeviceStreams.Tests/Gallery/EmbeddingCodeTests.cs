using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.Inference.Decoding;

namespace MediaScore.DeviceStreams.Tests.Gallery;

public sealed class EmbeddingCodeTests
{
    [Fact]
    public void The_product_of_codes_is_never_farther_from_the_cosine_than_the_bound()
    {
        var (templateCode, faceCode) = (new sbyte[EmbeddingCode.Dimensions], new sbyte[EmbeddingCode.Dimensions]);
        foreach (var (template, face) in Pairs(new Random(1)))
        {
            var templateError = EmbeddingCode.Write(template, templateCode);
            var faceError = EmbeddingCode.Write(face, faceCode);
            var (product, squares) = (0L, 0L);
            for (var i = 0; i < templateCode.Length; i++)
                (product, squares) = (product + (templateCode[i] * faceCode[i]), squares + (faceCode[i] * faceCode[i]));

            var difference = Math.Abs(Directions.Cosine(template, face) - (product / (EmbeddingCode.Scale * (double)EmbeddingCode.Scale)));

            difference.ShouldBeLessThanOrEqualTo((templateError * Math.Sqrt(squares) / EmbeddingCode.Scale) + (faceError * (1 + EmbeddingCode.LengthTolerance)));
        }
    }

    [Fact]
    public void Faces_lose_a_hundredth_by_rounding_and_nothing_by_cutting()
    {
        var error = EmbeddingCode.Write(Directions.Any(2), new sbyte[EmbeddingCode.Dimensions]);

        error.ShouldBeInRange(0.011f, 0.015f);
    }

    [Fact]
    public void Every_way_to_multiply_codes_gives_the_same_sums()
    {
        const int GroupBytes = TemplateWords.Templates * EmbeddingCode.Dimensions;
        var bytes = new byte[2 * GroupBytes];
        new Random(3).NextBytes(bytes);
        // The largest of either sign, where sixteen bits would not do.
        bytes.AsSpan(0, GroupBytes / 2).Fill(255);
        var code = new sbyte[EmbeddingCode.Dimensions];
        new Random(4).NextBytes(MemoryMarshal.AsBytes(code.AsSpan()));
        code.AsSpan(0, 100).Fill(-127);
        code.AsSpan(100, 100).Fill(127);
        var expected = new int[2 * TemplateWords.Templates];
        for (var template = 0; template < expected.Length; template++)
        {
            var first = (template / TemplateWords.Templates * GroupBytes) + (template % TemplateWords.Templates * sizeof(uint));
            for (var i = 0; i < code.Length; i++)
                expected[template] += bytes[first + (i / sizeof(uint) * TemplateWords.Templates * sizeof(uint)) + (i % sizeof(uint))] * code[i];
        }

        var groups = MemoryMarshal.Cast<byte, TemplateWords>(bytes);
        var words = MemoryMarshal.Cast<sbyte, uint>(code);

        Sums<PortableDotProduct>(groups, words).ShouldBe(expected);
        if (Avx2.IsSupported)
            Sums<Avx2DotProduct>(groups, words).ShouldBe(expected);
        if (AvxVnni.IsSupported)
            Sums<VnniDotProduct>(groups, words).ShouldBe(expected);
    }

    private static int[] Sums<TDot>(ReadOnlySpan<TemplateWords> groups, ReadOnlySpan<uint> code)
        where TDot : struct, IByteDotProduct
    {
        var sums = new int[groups.Length / TemplateWords.GroupWords * TemplateWords.Templates];
        TemplateSums.Compute<TDot>(groups, code, sums);
        return sums;
    }

    private static IEnumerable<(float[] Template, float[] Face)> Pairs(Random random)
    {
        for (var turn = 0; turn < 300; turn++)
        {
            var face = Directions.Any(random);
            yield return (Directions.Any(random), face);
            yield return (Directions.Near(face, random.NextDouble(), random), face);
            // With few dimensions each is beyond what a byte can say, and is cut.
            var few = Few(1 + random.Next(60), random);
            yield return (few, face);
            yield return (face, few);
            yield return (few, few);
        }
    }

    private static float[] Few(int count, Random random)
    {
        var values = new float[EmbeddingCode.Dimensions];
        foreach (var at in Enumerable.Range(0, values.Length).OrderBy(_ => random.Next()).Take(count))
            values[at] = (float)((random.Next(2) == 0 ? -1 : 1) / Math.Sqrt(count));
        return values;
    }
}
