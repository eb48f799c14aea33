namespace MediaScore.Assessment.Plans;

/// <summary>Follows <c>next</c> from the first stage: without it, the stage below is next.</summary>
internal static class StageOrder
{
    /// <param name="Line">Of the stage.</param>
    /// <param name="NextLine">Of its <c>next</c>.</param>
    internal sealed record Entry(PlanStage Stage, string Path, int Line, int NextLine);

    /// <summary>In playing order, <see cref="PlanStage.Next"/> filled in. Notes a next that leads nowhere or back, and stages that are never reached.</summary>
    public static IReadOnlyList<PlanStage> Resolve(IReadOnlyList<Entry> entries, PlanFieldReader reader)
    {
        var ids = entries.Select(e => e.Stage.Id).Where(id => id.Length > 0).ToArray();
        var faulty = ids.Length < entries.Count;
        foreach (var entry in entries.Where(e => e.Stage.Next is not null and not StageReader.End && !ids.Contains(e.Stage.Next)))
        {
            faulty = true;
            reader.Fault($"{entry.Path}.next", entry.NextLine, $"There is no stage '{entry.Stage.Next}'.{NearestName.Suggest(entry.Stage.Next!, ids)} Name a stage of this plan, or 'end'.");
        }

        var played = new List<PlanStage>();
        var seen = new List<Entry>();
        var current = entries.Count > 0 ? entries[0] : null;
        while (current is not null)
        {
            seen.Add(current);
            var next = Follow(entries, current);
            played.Add(current.Stage with { Next = next?.Stage.Id });
            if (next is not null && seen.Contains(next))
            {
                faulty = true;
                var circle = string.Join(" -> ", seen.SkipWhile(e => e != next).Append(next).Select(e => e.Stage.Id));
                reader.Fault($"{current.Path}.next", current.NextLine, $"The stages run in a circle: {circle}. Write 'next: end' at the last one.");
                next = null;
            }

            current = next;
        }

        // With a next that is itself at fault, "never reached" would only repeat that fault.
        if (!faulty)
        {
            foreach (var entry in entries.Except(seen))
                reader.Fault(entry.Path, entry.Line, $"Stage '{entry.Stage.Id}' is never reached. Let another stage's 'next' name it, or remove it.");
        }

        return played;
    }

    private static Entry? Follow(IReadOnlyList<Entry> entries, Entry entry)
    {
        if (entry.Stage.Next == StageReader.End)
            return null;
        if (entry.Stage.Next is { } next)
            return entries.FirstOrDefault(e => e.Stage.Id == next);
        return entries.SkipWhile(e => e != entry).Skip(1).FirstOrDefault();
    }
}
