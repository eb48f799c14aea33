using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MediaScore.DeviceStreams.Gallery;

namespace MediaScore.Benchmarks;

/// <summary>
/// <c>--gallery [N...]</c>: one face among N templates beside a plain read of the same bytes, turn by turn in one run, so that whatever else the machine does falls on both; half a minute.
/// Elapsed time on one core, since that is what a person at a door waits for: it wants a quiet machine.
/// </summary>
internal static class GalleryTable
{
    private const string Tenant = "bench";
    private const int QueryCount = 64;

    // Of one person's pictures to each other: the cosine of what is looked for and its template.
    private const double Likeness = 0.65;

    private static readonly int[] UsualSizes = [1_000, 10_000, 100_000];

    public static int Run(int[] sizes)
    {
        Console.WriteLine("Microseconds a search of one face among all templates (1:N, exact), and a plain read (sum) of the bytes that it reads. One core.");
        Console.WriteLine($"{"templates",10}{"MB read",9}{"read p50",10}{"p99",9}{"search p50",12}{"p99",9}{"ratio p50",11}{"p99",7}{"GB/s",7}{"exact mean",12}{"most",7}{"share",9}{"B/template",12}{"B/search",10}");
        foreach (var size in sizes is [] ? UsualSizes : sizes)
            Measure(size);
        return 0;
    }

    private static void Measure(int size)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var gallery = new FaceGallery(new GalleryOptions { MaxTemplates = size }, TimeProvider.System);
        var random = new Random(size);
        var queries = new float[QueryCount][];
        for (var i = 0; i < size; i++)
        {
            var template = Direction(random);
            var id = i.ToString("D7", CultureInfo.InvariantCulture);
            gallery.Tenant(Tenant).Set(new KnownPerson(id, Tenant, id, "", false));
            gallery.Add(Tenant, id, id, template);
            // Half of those who come are known, spread over the gallery; for the others there is no best that stands out.
            if (i % Math.Max(1, size / (QueryCount / 2)) == 0 && i / Math.Max(1, size / (QueryCount / 2)) is var known && known < QueryCount / 2)
                queries[2 * known] = Alike(template, random);
        }

        for (var i = 0; i < QueryCount; i++)
            queries[i] ??= Direction(random);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)size;
        var segments = gallery.Tenant(Tenant).Segments;
        var turnCount = Math.Clamp(20_000_000 / size, 400, 5_000);
        var (reads, searches) = (new double[turnCount], new double[turnCount]);
        var (exactSum, exactMost, sum) = (0L, 0, 0UL);
        Turn(turnCount / 10);
        (exactSum, exactMost) = (0, 0);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Turn(turnCount);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        Array.Sort(reads);
        Array.Sort(searches);
        var read = (double)size * EmbeddingCode.Dimensions;
        var mean = exactSum / (double)turnCount;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{size,10}{read / 1e6,9:F1}{At(reads, 0.5),10:F1}{At(reads, 0.99),9:F1}{At(searches, 0.5),12:F1}{At(searches, 0.99),9:F1}{At(searches, 0.5) / At(reads, 0.5),11:F2}{At(searches, 0.99) / At(reads, 0.99),7:F2}{read / At(searches, 0.5) / 1e3,7:F1}{mean,12:F1}{exactMost,7}{mean / size,9:P3}{bytes,12:F0}{allocated / turnCount,10}"));
        // Used, so that it is computed.
        GC.KeepAlive(sum);

        void Turn(int count)
        {
            for (var turn = 0; turn < count; turn++)
            {
                var begun = TimeProvider.System.GetTimestamp();
                sum += Read(segments, size);
                reads[turn] = TimeProvider.System.GetElapsedTime(begun).TotalMicroseconds;
                begun = TimeProvider.System.GetTimestamp();
                gallery.Search(Tenant, queries[turn % QueryCount], [], out var exactCount);
                searches[turn] = TimeProvider.System.GetElapsedTime(begun).TotalMicroseconds;
                exactSum += exactCount;
                exactMost = Math.Max(exactMost, exactCount);
            }
        }
    }

    /// <summary>The same memory in the same order: the widest vectors that the processor has, one addition each, eight sums so that no addition waits for another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Read(IReadOnlyList<TemplateSegment> segments, int size)
    {
        Vector512<ulong> first = default, second = default, third = default, fourth = default, fifth = default, sixth = default, seventh = default, eighth = default;
        foreach (var segment in segments)
        {
            var groupCount = (Math.Min(size, TemplateSegment.Capacity) + TemplateWords.Templates - 1) / TemplateWords.Templates;
            var bytes = MemoryMarshal.AsBytes(segment.Groups[..(groupCount * TemplateWords.GroupWords)]);
            ref var start = ref MemoryMarshal.GetReference(bytes);
            // A word of 64 templates is 256 bytes, and a group has 128 words.
            for (nuint at = 0; at < (nuint)bytes.Length; at += 512)
            {
                first += Vector512.LoadUnsafe(ref start, at).AsUInt64();
                second += Vector512.LoadUnsafe(ref start, at + 64).AsUInt64();
                third += Vector512.LoadUnsafe(ref start, at + 128).AsUInt64();
                fourth += Vector512.LoadUnsafe(ref start, at + 192).AsUInt64();
                fifth += Vector512.LoadUnsafe(ref start, at + 256).AsUInt64();
                sixth += Vector512.LoadUnsafe(ref start, at + 320).AsUInt64();
                seventh += Vector512.LoadUnsafe(ref start, at + 384).AsUInt64();
                eighth += Vector512.LoadUnsafe(ref start, at + 448).AsUInt64();
            }

            size -= TemplateSegment.Capacity;
        }

        return Vector512.Sum(first + second + third + fourth + fifth + sixth + seventh + eighth);
    }

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    /// <summary>Any direction: two of them are as near as two strangers are at best.</summary>
    private static float[] Direction(Random random)
    {
        var values = new float[EmbeddingCode.Dimensions];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return Unit(values);
    }

    private static float[] Alike(float[] template, Random random)
    {
        var other = Direction(random);
        for (var i = 0; i < other.Length; i++)
            other[i] = (float)((template[i] * Likeness) + (other[i] * Math.Sqrt(1 - (Likeness * Likeness))));
        return Unit(other);
    }

    private static float[] Unit(float[] values)
    {
        var length = Math.Sqrt(values.Sum(value => (double)value * value));
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(values[i] / length);
        return values;
    }
}
