namespace MediaScore.Load.Sweeps;

/// <summary>Looks for the largest load that is carried: doubles until one is not, then halves the gap.</summary>
internal static class Knee
{
    // Two runs of one load differ by about as much; a finer answer would be noise.
    private const double Resolution = 0.05;

    /// <param name="first">Where to begin.</param>
    /// <param name="most">Never more than this.</param>
    /// <param name="carried">Runs a load and says whether it met the goals.</param>
    /// <returns>The largest load that was carried; 0 where not even one interview was.</returns>
    public static async Task<int> FindAsync(int first, int most, Func<int, Task<bool>> carried)
    {
        var (good, bad) = (0, most + 1);
        for (var load = Math.Clamp(first, 1, most); good < bad - 1; load = Next(good, bad, most))
        {
            // Once more before it counts against it: on a machine that others use too, one hiccup would halve the answer.
            if (await carried(load) || await carried(load))
                good = load;
            else
                bad = load;
            if (good == most || (bad <= most && bad - good <= Math.Max(1, good * Resolution)))
                break;
        }

        return good;
    }

    /// <summary>What was found, as a sentence.</summary>
    public static string Sentence(int knee, int most) =>
        knee == 0 ? "Not even one interview was carried."
        : knee < most ? FormattableString.Invariant($"The knee: {knee} interviews are carried.")
        : FormattableString.Invariant($"No knee was found: {knee} interviews are carried, and the limit of this program is reached.");

    private static int Next(int good, int bad, int most) => bad > most ? Math.Min(most, Math.Max(good * 2, good + 1)) : good + ((bad - good) / 2);
}
