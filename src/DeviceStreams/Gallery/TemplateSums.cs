using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MediaScore.Inference.Decoding;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>Products of one code with many. Exact integers, so every processor finds the same.</summary>
internal static class TemplateSums
{
    /// <param name="groups">Whole groups, each <see cref="TemplateWords.GroupWords"/> long.</param>
    /// <param name="code">The face's, four bytes a word.</param>
    /// <param name="sums">One a template: the product, and <see cref="TemplateWords.Offset"/> times the sum of the code's bytes.</param>
    public static void Compute(ReadOnlySpan<TemplateWords> groups, ReadOnlySpan<uint> code, Span<int> sums)
    {
        if (AvxVnni.IsSupported)
            Compute<VnniDotProduct>(groups, code, sums);
        else if (Avx2.IsSupported)
            Compute<Avx2DotProduct>(groups, code, sums);
        else
            Compute<PortableDotProduct>(groups, code, sums);
    }

    // Eight sums at once: the instruction takes five cycles and two begin in each, and each word of the face is fetched once for 64 templates.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Compute<TDot>(ReadOnlySpan<TemplateWords> groups, ReadOnlySpan<uint> code, Span<int> sums)
        where TDot : struct, IByteDotProduct
    {
        for (; !groups.IsEmpty; groups = groups[TemplateWords.GroupWords..], sums = sums[TemplateWords.Templates..])
        {
            Vector256<int> first = default, second = default, third = default, fourth = default, fifth = default, sixth = default, seventh = default, eighth = default;
            var words = groups[..TemplateWords.GroupWords];
            for (var i = 0; i < words.Length && i < code.Length; i++)
            {
                ref readonly var word = ref words[i];
                var four = Vector256.Create(code[i]).AsSByte();
                first = TDot.Add(first, word.First, four);
                second = TDot.Add(second, word.Second, four);
                third = TDot.Add(third, word.Third, four);
                fourth = TDot.Add(fourth, word.Fourth, four);
                fifth = TDot.Add(fifth, word.Fifth, four);
                sixth = TDot.Add(sixth, word.Sixth, four);
                seventh = TDot.Add(seventh, word.Seventh, four);
                eighth = TDot.Add(eighth, word.Eighth, four);
            }

            var width = Vector256<int>.Count;
            first.CopyTo(sums);
            second.CopyTo(sums[width..]);
            third.CopyTo(sums[(2 * width)..]);
            fourth.CopyTo(sums[(3 * width)..]);
            fifth.CopyTo(sums[(4 * width)..]);
            sixth.CopyTo(sums[(5 * width)..]);
            seventh.CopyTo(sums[(6 * width)..]);
            eighth.CopyTo(sums[(7 * width)..]);
        }
    }
}
