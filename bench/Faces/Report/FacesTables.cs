using MediaScore.Benchmarks.Faces.Liveness;
using MediaScore.Benchmarks.Faces.Matching;

namespace MediaScore.Benchmarks.Faces.Report;

/// <summary>The result as people read it: tables of Markdown.</summary>
internal static class FacesTables
{
    public static void Print(FacesResult result)
    {
        Console.WriteLine($"{result.Photos} photos of {result.People} people; {string.Join(", ", result.Models)}");
        PrintVerification(result);
        PrintChoice("The threshold that the data supports", result.Chosen);
        PrintChoice("The threshold in use (Devices:AcceptSimilarity)", result.InUse);
        PrintIdentification(result.Identification);
        PrintDuplicates(result.Duplicates);
        PrintOutside(result.Outside);
        PrintQuality(result);
        PrintLiveness(result.Liveness);
    }

    private static void PrintVerification(FacesResult result)
    {
        var (inUse, chosen) = ($"{result.InUse.Threshold:0.00}", $"{result.Chosen.Threshold:0.00}");
        Heading("Verification (1:1), labelled pairs");
        Head(
            "subset", "same", "different", "lost", "best threshold", "accuracy there", "threshold of the others", "accuracy there", "EER", "false accepts at 1 % false rejects",
            $"false rejects at {inUse}", $"false accepts at {inUse}", $"false rejects at {chosen}", $"false accepts at {chosen}");
        foreach (var row in result.Verification)
        {
            Line(
                row.Subset, $"{row.Same}", $"{row.Different}", $"{row.Lost}", $"{row.BestThreshold:0.000}", $"{row.BestAccuracy}", row.OthersThreshold is { } others ? $"{others:0.000}" : "",
                $"{row.OthersAccuracy}", $"{row.EqualErrorRate:P2}", $"{row.AcceptsAtOnePercent}", $"{row.RejectsInUse}", $"{row.AcceptsInUse}", $"{row.RejectsChosen}", $"{row.AcceptsChosen}");
        }

        Console.WriteLine();
        Console.WriteLine($"Photos without a face to compare: {result.Lost.Count}");
        foreach (var lost in result.Lost)
            Console.WriteLine($"- {lost.File}: {lost.Why}");
    }

    private static void PrintChoice(string title, ThresholdChoice choice)
    {
        Heading($"{title}: {choice.Threshold:0.00}");
        Console.WriteLine($"- false accepts, every photo with every other person's: {Bounded(choice.FalseAccepts)}; at most {choice.FalseAcceptsAtMost:P3} with 95 % confidence, were the comparisons independent");
        Console.WriteLine($"- of these within one subset: {Bounded(choice.FalseAcceptsWithin)}");
        Console.WriteLine($"- pairs of people with at least one: {Bounded(choice.PeoplePairsMistaken)}");
        Console.WriteLine($"- false rejects, every photo with every other of its person: {Bounded(choice.FalseRejects)}; people with at least one: {choice.PeopleRejected}");
        foreach (var strangers in choice.Strangers)
            Console.WriteLine($"- {strangers.Enrolled} enrolled, a template each: {strangers.Taken:P2} of strangers are taken for somebody, at most {strangers.TakenAtMost:P2}");
    }

    private static void PrintIdentification(IReadOnlyList<IdentificationRow> rows)
    {
        Heading("Identification (1:N)");
        Head("gallery", "people", "templates a person", "lost", "threshold", "the nearest is right", "recognised", "taken for another", "strangers taken for somebody");
        foreach (var row in rows)
            Line(row.Gallery, $"{row.People}", $"{row.Templates}", $"{row.Lost}", $"{row.Threshold:0.00}", $"{row.NearestIsRight}", $"{row.Recognised}", $"{row.Mistaken}", $"{row.StrangersTaken}");
    }

    private static void PrintDuplicates(IReadOnlyList<DuplicateRow> rows)
    {
        Heading("Duplicates");
        Console.WriteLine("What an enrolment notices (Gallery:DuplicateSimilarity), of photos that are good enough to be enrolled");
        Console.WriteLine();
        Head([
            "threshold", "noticed, 1 template", "noticed, up to 3", "people with several entries", "others refused, 1 template", "others refused, up to 3", "two people's photos taken for one",
            .. rows[0].Strangers.Select(strangers => $"others refused among {strangers.Enrolled} (at most)"),
        ]);
        foreach (var row in rows)
        {
            Line([
                $"{row.Threshold:0.00}", $"{row.NoticedOfOne}", $"{row.NoticedOfThree}", $"{row.Repeated}", $"{row.RefusedByOne}", $"{row.RefusedByThree}", $"{row.Mistaken}",
                .. row.Strangers.Select(strangers => $"{strangers.Taken:P2} ({strangers.TakenAtMost:P1})"),
            ]);
        }
    }

    private static void PrintOutside(OutsideComparison outside)
    {
        Heading("The same weights outside of the server");
        Head("", "server", "outside", "difference");
        foreach (var both in outside.Figures)
            Line(both.Figure, $"{both.Server:0.000000}", $"{both.Outside:0.000000}", $"{both.Difference:0.0e+0}");
        Console.WriteLine();
        Console.WriteLine($"Embeddings the same in every bit: {outside.BitEqual} of {outside.Faces}; largest difference of a cosine {outside.LargestDifference:0.0e+0};");
        Console.WriteLine($"pairs judged otherwise: {outside.DifferentDecisions}; probes to which another person is nearest: {outside.DifferentPeople}. {(outside.IsEqual ? "Equal." : "NOT EQUAL.")}");
    }

    private static void PrintQuality(FacesResult result)
    {
        Heading($"Quality: photos that an enrolment refuses (Gallery:LeastQuality {result.LeastQuality:0.00})");
        Head("subset", "refused", "for");
        foreach (var row in result.Quality)
            Line(row.Subset, $"{row.Refused}", string.Join("; ", row.Faults.Select(fault => $"{fault.Key}: {fault.Value}")));
    }

    private static void PrintLiveness(IReadOnlyList<LivenessRow> rows)
    {
        Heading("Liveness, one picture; prints and screens are simulated");
        Head("faces", "threshold", "real, refused", "paper, taken", "screen, taken", "close print, taken", "no face in a simulation");
        foreach (var row in rows)
            Line(row.Source, $"{row.Threshold:0.00#}", $"{row.RealRefused}", $"{row.PaperTaken}", $"{row.ScreenTaken}", $"{row.ClosePrintTaken}", $"{row.NoFace}");
    }

    private static string Bounded(Rate rate) => $"{rate} [{rate.Low:P3}, {rate.High:P3}]";

    private static void Heading(string text) => Console.WriteLine($"\n## {text}\n");

    private static void Head(params ReadOnlySpan<string> cells)
    {
        Line(cells);
        Console.WriteLine($"|{string.Concat(Enumerable.Repeat(" --- |", cells.Length))}");
    }

    private static void Line(params ReadOnlySpan<string> cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");
}
