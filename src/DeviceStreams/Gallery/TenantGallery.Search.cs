using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MediaScore.DeviceStreams.Gallery;

/// <content>Brute force over bytes, then exactly over the few that the bound leaves.</content>
internal sealed partial class TenantGallery
{
    // Sums and their bounds are compared as floats, which hold whole numbers up to 2^24 (all sums here are smaller) and round a little beyond.
    private const float RoundingSteps = 4;

    /// <summary>The template nearest to a face: the one, and with the same bits, that comparing every template in floats finds.</summary>
    /// <remarks>
    /// The template with the largest product of codes is compared exactly. Every template whose product of codes and bound (<see cref="EmbeddingCode"/>) together stay below that is farther; the others
    /// are compared exactly too, each that is nearer tightening the rest. There is no fixed count to be wrong about: usually a handful, and all of them where all are nearly alike.
    /// </remarks>
    /// <param name="exceptPersonIds">Whose templates do not count.</param>
    /// <param name="exactCount">Templates that were compared exactly.</param>
    public GalleryMatch? Search(ReadOnlySpan<float> embedding, ReadOnlySpan<string> exceptPersonIds, out int exactCount)
    {
        exactCount = 0;
        _gate.EnterReadLock();
        try
        {
            if (_templates.Count == 0)
                return null;
            var sums = ArrayPool<int>.Shared.Rent(_segments.Count * TemplateSegment.Capacity);
            try
            {
                return SearchAll(embedding, exceptPersonIds, sums, ref exactCount);
            }
            finally
            {
                ArrayPool<int>.Shared.Return(sums);
            }
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>The nearest of one person's templates; null where there is none.</summary>
    public GalleryMatch? Verify(string number, ReadOnlySpan<float> embedding)
    {
        _gate.EnterReadLock();
        try
        {
            if (!_byNumber.TryGetValue(number, out var person))
                return null;
            var best = default(Candidate);
            foreach (var template in person.Templates)
                best = best.Or(Compare(template.Slot, embedding));
            return best.ToMatch();
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    private GalleryMatch? SearchAll(ReadOnlySpan<float> embedding, ReadOnlySpan<string> exceptPersonIds, Span<int> sums, ref int exactCount)
    {
        const float Unit = EmbeddingCode.Scale * EmbeddingCode.Scale;
        Span<sbyte> code = stackalloc sbyte[EmbeddingCode.Dimensions];
        var error = EmbeddingCode.Write(embedding, code);
        var (byteSum, squares) = (0, 0);
        foreach (var value in code)
            (byteSum, squares) = (byteSum + value, squares + (value * value));
        Multiply(MemoryMarshal.Cast<sbyte, uint>(code), sums);
        var found = sums[.._templates.Count];
        foreach (var id in exceptPersonIds)
        {
            foreach (var template in _people.GetValueOrDefault(id)?.Templates ?? [])
                found[template.Slot] = int.MinValue;
        }

        var first = found.IndexOf(TensorPrimitives.Max<int>(found));
        if (found[first] == int.MinValue)
            return null;
        exactCount = 1;
        var best = Compare(first, embedding);
        found[first] = int.MinValue;

        var length = MathF.Sqrt(squares) / EmbeddingCode.Scale;
        // What a template's sum and its own share of the bound must reach together: all else is the face's share.
        var offset = (double)(TemplateWords.Offset * byteSum) - (Unit * (1 + EmbeddingCode.LengthTolerance) * error) - RoundingSteps;
        for (var start = 0; start < found.Length; start += TemplateSegment.Capacity)
        {
            var some = sums.Slice(start, Math.Min(TemplateSegment.Capacity, found.Length - start));
            var errors = SegmentOf(start).Errors;
            for (var index = NextAbove(some, errors, length, (float)((best.Similarity * Unit) + offset), 0);
                index < some.Length;
                index = NextAbove(some, errors, length, (float)((best.Similarity * Unit) + offset), index + 1))
            {
                best = best.Or(Compare(start + index, embedding));
                exactCount++;
            }
        }

        return best.ToMatch();
    }

    private void Multiply(ReadOnlySpan<uint> code, Span<int> sums)
    {
        for (var start = 0; start < _templates.Count; start += TemplateSegment.Capacity)
        {
            var count = Math.Min(TemplateSegment.Capacity, _templates.Count - start);
            var groups = (count + TemplateWords.Templates - 1) / TemplateWords.Templates;
            TemplateSums.Compute(SegmentOf(start).Groups[..(groups * TemplateWords.GroupWords)], code, sums.Slice(start, groups * TemplateWords.Templates));
        }
    }

    /// <summary>The first index from <paramref name="from"/> on whose sum and bound reach the limit; the length of <paramref name="sums"/> where none does.</summary>
    private static int NextAbove(ReadOnlySpan<int> sums, ReadOnlySpan<float> errors, float length, float limit, int from)
    {
        var at = from;
        for (; at + Vector256<int>.Count <= sums.Length; at += Vector256<int>.Count)
        {
            var upper = Vector256.ConvertToSingle(Vector256.Create(sums[at..])) + (Vector256.Create(errors[at..]) * length);
            var reached = Vector256.GreaterThanOrEqual(upper, Vector256.Create(limit)).ExtractMostSignificantBits();
            if (reached != 0)
                return at + int.TrailingZeroCount((int)reached);
        }

        for (; at < sums.Length; at++)
        {
            if (sums[at] + (errors[at] * length) >= limit)
                return at;
        }

        return sums.Length;
    }

    private Candidate Compare(int slot, ReadOnlySpan<float> embedding)
    {
        var segment = SegmentOf(slot);
        return new Candidate(segment.Owner(IndexOf(slot)), EmbeddingCode.Dot(segment.Embedding(IndexOf(slot)), embedding));
    }

    /// <summary>A template and its exact similarity.</summary>
    private readonly record struct Candidate(GalleryTemplate? Template, double Similarity)
    {
        /// <summary>The nearer one. Of two that are equally near the one with the smaller number, then id: the order in which they came must not show.</summary>
        public Candidate Or(Candidate other)
        {
            if (Template is null || other.Similarity > Similarity)
                return other;
            if (other.Template is null || other.Similarity < Similarity)
                return this;
            var order = string.CompareOrdinal(other.Template.Person.Known.Number, Template.Person.Known.Number);
            return (order != 0 ? order : string.CompareOrdinal(other.Template.Id, Template.Id)) < 0 ? other : this;
        }

        public GalleryMatch? ToMatch() => Template is null ? null : new GalleryMatch(Template.Person.Known, Template.Id, (float)Similarity);
    }
}
