using System.Text;
using System.Text.RegularExpressions;
using MediaScore.Assessment.Plans;
using MediaScore.Assessment.Policy;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Sessions;
using MediaScore.Perception.Speech;
using MediaScore.Protocol.Interview.V1;
using Domain = MediaScore.Timeline;

namespace MediaScore.MediaServer.Ingress.Grpc;

/// <summary>Checks a request for an interview: every fault of every field and of the plan, in one answer.</summary>
internal sealed partial class CreateRules(PlanLibrary plans, ServerOptions options)
{
    private const int MaxReference = 128;
    private const int MaxIdempotencyKey = 128;

    /// <returns>The checked request, or the faults.</returns>
    public async Task<(NewInterview? Interview, IReadOnlyList<string> Faults)> CheckAsync(CreateInterviewRequest request, CancellationToken cancellation)
    {
        var faults = new List<string>();
        if (!Tenant().IsMatch(request.Tenant))
            faults.Add($"tenant is '{request.Tenant}'; it must be 1 to 64 characters of [a-z0-9-]");
        if (request.CandidateReference.Length > MaxReference)
            faults.Add($"candidate_reference has {request.CandidateReference.Length} characters; the limit is {MaxReference}");
        if (request.IdempotencyKey.Length > MaxIdempotencyKey)
            faults.Add($"idempotency_key has {request.IdempotencyKey.Length} characters; the limit is {MaxIdempotencyKey}");

        var plan = await FindPlanAsync(request, faults, cancellation);
        var consent = Consent(request, faults);
        var language = request.Language.Length > 0 ? request.Language : plan?.Plan.Languages[0] ?? "";
        if (plan is not null && !plan.Plan.Languages.Contains(language.Split('-')[0]))
            faults.Add($"language is '{language}'; plan '{plan.Plan.Id}' has {string.Join(", ", plan.Plan.Languages)}");

        var policyName = request.PolicyProfile.Length > 0 ? request.PolicyProfile : options.DefaultPolicyProfile;
        var policy = PolicyProfile.Find(policyName);
        if (policy is null)
            faults.Add($"policy_profile is '{policyName}'; known are {string.Join(", ", PolicyProfile.All.Select(p => p.Name))}");
        var recognizer = request.Recognizer.Length > 0 ? request.Recognizer : options.DefaultRecognizer;
        if (recognizer is not (SpeechRecognizers.DefaultTier or SpeechRecognizers.AccurateTier or SpeechRecognizers.RefinedTier))
            faults.Add($"recognizer is '{recognizer}'; it must be 'default', 'accurate' or 'refined'");

        if (request.CandidateConsents && request.Consent.Count > 0)
            faults.Add("consent is given, and candidate_consents asks the candidate for it; leave one out");

        if (faults.Count > 0)
            return (null, faults);
        var interview = new NewInterview(
            request.Tenant, plan!, request.CandidateReference, consent, policy!.Permit(consent), language, policyName, recognizer,
            request.IdempotencyKey.Length > 0 ? request.IdempotencyKey : null, request.CandidateConsents);
        return (interview, []);
    }

    private async Task<StoredPlan?> FindPlanAsync(CreateInterviewRequest request, List<string> faults, CancellationToken cancellation)
    {
        switch (request.PlanCase)
        {
            case CreateInterviewRequest.PlanOneofCase.PlanId:
                try
                {
                    var found = await plans.FindAsync(request.PlanId, cancellation);
                    if (found is null)
                        faults.Add($"plan_id is '{request.PlanId}'; this server has {(plans.List() is { Count: > 0 } list ? string.Join(", ", list) : "no plans")}");
                    return found;
                }
                catch (InvalidDataException e)
                {
                    faults.Add(e.Message);
                    return null;
                }

            case CreateInterviewRequest.PlanOneofCase.PlanYaml:
                var yaml = Encoding.UTF8.GetBytes(request.PlanYaml);
                if (yaml.Length > PlanParser.MaxBytes)
                {
                    faults.Add($"plan_yaml has {yaml.Length} bytes; the limit is {PlanParser.MaxBytes} (256 KiB)");
                    return null;
                }

                var result = PlanParser.Parse(yaml);
                if (result.IsValid)
                    return new StoredPlan(result.Plan, yaml);
                faults.AddRange(result.Errors.Select(e => $"plan_yaml, {e}"));
                return null;

            default:
                faults.Add("plan is missing; name one (plan_id) or send one (plan_yaml)");
                return null;
        }
    }

    private static Domain.Modality Consent(CreateInterviewRequest request, List<string> faults)
    {
        var consent = Domain.Modality.None;
        for (var i = 0; i < request.Consent.Count; i++)
        {
            if (WireMapping.ToOurs(request.Consent[i]) is { } modality)
                consent |= modality;
            else
                faults.Add($"consent[{i}] is {request.Consent[i]}, which is no modality");
        }

        return consent;
    }

    // Not '$', which a line break after the last letter passes, too.
    [GeneratedRegex("^[a-z0-9-]{1,64}\\z")]
    private static partial Regex Tenant();
}
