using System.Security.Cryptography;
using MediaScore.Assessment.Plans;

namespace MediaScore.MediaServer.Sessions;

/// <summary>
/// One plan in memory for all interviews that were made from the same bytes, as long as one of them is unfinished: thousands of invitations may wait for two weeks, and each
/// is read again at a start. Thread-safe.
/// </summary>
internal sealed class SharedPlans
{
    // Callers may send a plan with each interview; what is gone is forgotten at the latest when so many were seen.
    private const int SweepCount = 256;

    private readonly Dictionary<string, WeakReference<StoredPlan>> _plans = new(StringComparer.Ordinal);

    /// <summary>The one that is here already, or this one from now on.</summary>
    public StoredPlan Share(StoredPlan plan)
    {
        lock (_plans)
        {
            if (_plans.TryGetValue(plan.Sha256, out var known) && known.TryGetTarget(out var shared))
                return shared;
            if (_plans.Count >= SweepCount)
            {
                foreach (var gone in _plans.Where(p => !p.Value.TryGetTarget(out _)).Select(p => p.Key).ToList())
                    _plans.Remove(gone);
            }

            _plans[plan.Sha256] = new WeakReference<StoredPlan>(plan);
            return plan;
        }
    }

    /// <exception cref="InvalidDataException">It is no plan.</exception>
    public StoredPlan Read(byte[] yaml)
    {
        lock (_plans)
        {
            if (_plans.TryGetValue(Convert.ToHexStringLower(SHA256.HashData(yaml)), out var known) && known.TryGetTarget(out var shared))
                return shared;
        }

        var result = PlanParser.Parse(yaml);
        return result.IsValid ? Share(new StoredPlan(result.Plan, yaml)) : throw new InvalidDataException(string.Join("; ", result.Errors));
    }
}
