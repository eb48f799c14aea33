namespace MediaScore.Inference;

/// <summary>
/// How many requests of one model were lately under way at once. A batch that holds them all need not wait for more: so a single caller that asks for one row
/// after another (a run at full speed) never waits, and a hundred interviews gather into batches.
/// </summary>
/// <remarks>
/// It rises at once to what is seen, and each wait that ended without all of them halves the distance to what was there: a hundred callers that go away cost the
/// last one seven waits.
/// </remarks>
internal sealed class ExpectedCallers
{
    public int Count { get; private set; } = 1;

    public void Saw(int underWay) => Count = Math.Max(Count, underWay);

    public void WaitedInVain(int underWay) => Count = Math.Max(1, underWay + (Math.Max(0, Count - underWay) / 2));
}
