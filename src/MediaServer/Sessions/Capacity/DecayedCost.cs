namespace MediaScore.MediaServer.Sessions.Capacity;

/// <summary>What one interview costs a second: a mean over the last minutes that begins with a guess. Not thread-safe.</summary>
/// <param name="expectedSeconds">The guess.</param>
internal sealed class DecayedCost(double expectedSeconds)
{
    // An interview's cost is a matter of its plan and its candidate's habits, not of the second: long enough for several answers.
    private const double MemorySeconds = 120;

    // Three interviews for as long as is remembered: one interview alone, with its long silences, says little about a hundred.
    private const double GuessInterviewSeconds = 3 * MemorySeconds;

    // What is measured beyond these is a fault of the measurement (nobody speaks, or something else than interviews works), and no base for a promise.
    private const double Least = 0.25;
    private const double Most = 4;

    private double _seconds;
    private double _interviewSeconds;

    public double Seconds =>
        Math.Clamp((_seconds + (GuessInterviewSeconds * expectedSeconds)) / (_interviewSeconds + GuessInterviewSeconds), Least * expectedSeconds, Most * expectedSeconds);

    /// <param name="elapsed">Since the last call.</param>
    public void Add(double elapsed, double seconds, double interviewSeconds)
    {
        var kept = Math.Exp(-elapsed / MemorySeconds);
        _seconds *= kept;
        _interviewSeconds *= kept;
        // What an empty server does is nobody's cost.
        if (interviewSeconds <= 0)
            return;
        _seconds += seconds;
        _interviewSeconds += interviewSeconds;
    }
}
