using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MediaScore.Assessment.Reports;
using MediaScore.MediaServer.Hosting;
using MediaScore.MediaServer.Observability;
using MediaScore.MediaServer.Sessions;
using MediaScore.Pipelines.Session;
using MediaScore.Protocol.Interview.V1;
using MediaScore.Storage;

namespace MediaScore.MediaServer.Ingress.Grpc;

/// <summary><c>mediascore.interview.v1.InterviewService</c>, as the proto's comments say.</summary>
internal sealed class InterviewGrpcService(
    InterviewConductor conductor, SessionRegistry registry, InterviewStore store, InterviewReports reports, AdmissionController admission, CreateRules rules,
    ServerReadiness readiness, ServerAddresses addresses, MediaStreamHandler streams, MediaServerMeter meter) : InterviewService.InterviewServiceBase
{
    public override async Task<CreateInterviewResponse> CreateInterview(CreateInterviewRequest request, ServerCallContext context)
    {
        // First of all: who is refused costs neither disk nor database, and no plan is parsed for it.
        if (!request.CandidateConsents && !IsRepeated(request) && admission.Look() is { Admitted: false } full)
            throw Refused(full);
        var (interview, faults) = await rules.CheckAsync(request, context.CancellationToken);
        if (interview is null)
            throw CallFaults.InvalidArgument(faults);
        if (!conductor.TakesNew)
            throw CallFaults.Restarting();
        if (readiness.ModelFaults is { Count: > 0 } missing)
            throw CallFaults.FailedPrecondition($"{missing.Count} models are missing or unusable, the first: {missing[0]}");

        // A repeated call gets its interview whatever the load is: it takes no new place.
        var repeated = interview.IdempotencyKey is { } idempotencyKey ? await store.FindByIdempotencyKeyAsync(interview.Tenant, idempotencyKey, context.CancellationToken) : null;
        if (repeated is not null && Differences(repeated, interview) is { Count: > 0 } differences)
            throw CallFaults.InvalidArgument($"idempotency_key was used for interview {repeated.Id}, which has another {string.Join(", ", differences)}");
        // An invitation takes its place when its candidate comes.
        PlaceReservation? place = null;
        if (repeated is null && !interview.Invited && admission.TryReserve(out place) is { Admitted: false } refusal)
            throw Refused(refusal);

        CreatedInterview created;
        try
        {
            using (place)
                created = await conductor.CreateAsync(interview, context.CancellationToken);
        }
        catch (InterviewErasedException erased)
        {
            throw CallFaults.FailedPrecondition($"{erased.Message} Use another idempotency_key.");
        }

        var response = new CreateInterviewResponse
        {
            InterviewId = created.InterviewId,
            AccessToken = created.AccessToken,
            CandidateUrl = addresses.CandidateUrl(created.InterviewId, created.CandidateToken),
        };
        response.CandidateLanUrls.AddRange(addresses.CandidateLanUrls(created.InterviewId, created.CandidateToken));
        response.Permitted.AddRange(WireMapping.ToWire(created.Permitted));
        response.Stages.AddRange(created.Plan.Plan.Stages.Select(stage => Stage(stage, created.Language)));
        return response;
    }

    public override async Task<GetInterviewResponse> GetInterview(GetInterviewRequest request, ServerCallContext context)
    {
        var row = await AuthorizeAsync(request.InterviewId, request.AccessToken, context.CancellationToken);
        return new GetInterviewResponse
        {
            State = WireMapping.ToWire(row.State),
            DurableUs = registry.Find(row.Id)?.Session?.Durable.Microseconds ?? 0,
            Created = Timestamp.FromDateTimeOffset(row.CreatedAt),
        };
    }

    public override Task StreamMedia(IAsyncStreamReader<ClientMessage> requestStream, IServerStreamWriter<ServerMessage> responseStream, ServerCallContext context) =>
        streams.RunAsync(requestStream, responseStream, context);

    public override async Task<GetTranscriptResponse> GetTranscript(GetTranscriptRequest request, ServerCallContext context)
    {
        var row = await AuthorizeAsync(request.InterviewId, request.AccessToken, context.CancellationToken);
        var observations = registry.Find(row.Id)?.Session?.Observations
            ?? reports.ReadTimeline(row.Id)?.Entries.Select(e => e.Observation).ToList()
            ?? throw CallFaults.FailedPrecondition("The interview was erased.");
        return TranscriptMapping.ToWire(observations);
    }

    public override async Task<GetReportResponse> GetReport(GetReportRequest request, ServerCallContext context)
    {
        var row = await AuthorizeAsync(request.InterviewId, request.AccessToken, context.CancellationToken);
        switch (row.State)
        {
            case Storage.InterviewState.ReportReady:
                break;
            case Storage.InterviewState.Failed:
                throw CallFaults.FailedPrecondition($"There will be no report: {row.FailureReason}");
            case Storage.InterviewState.Finishing:
                throw CallFaults.FailedPrecondition("The report is not ready: the analysis after the end is still running.");
            default:
                throw CallFaults.FailedPrecondition("The report is not ready: the interview has not ended.");
        }

        var json = await reports.TryReadAsync(row.Id, context.CancellationToken) ?? throw CallFaults.FailedPrecondition("The report's key was destroyed.");
        return request.Format switch
        {
            ReportFormat.Html => new GetReportResponse
            {
                Content = UnsafeByteOperations.UnsafeWrap(ReportHtml.Write(ReportJson.Read(json), new ReportHtmlOptions())),
                ContentType = "text/html; charset=utf-8",
            },
            ReportFormat.Json or ReportFormat.Unspecified => new GetReportResponse { Content = UnsafeByteOperations.UnsafeWrap(json), ContentType = "application/json" },
            _ => throw CallFaults.InvalidArgument($"format is {request.Format}; known are REPORT_FORMAT_JSON and REPORT_FORMAT_HTML"),
        };
    }

    /// <summary>Fields of a repeated request that are not the first one's. Consent above all: an interview of wider consent must not pass for one of narrower.</summary>
    private static List<string> Differences(InterviewRow row, NewInterview interview)
    {
        (bool Same, string Field)[] fields =
        [
            (row.PlanSha256 == interview.Plan.Sha256, "plan"),
            (row.CandidateReference == interview.CandidateReference, "candidate_reference"),
            // An invitation's consent is what its candidate says, by now perhaps something.
            (row.Invited == interview.Invited && (row.Invited || row.Consent == interview.Consent), "consent"),
            (row.Language == interview.Language, "language"),
            (row.PolicyProfile == interview.PolicyProfile, "policy_profile"),
            (row.Recognizer == interview.Recognizer, "recognizer"),
        ];
        return [.. fields.Where(f => !f.Same).Select(f => f.Field)];
    }

    /// <summary>The interview that this call may have made before is unfinished here. One that is finished is looked for in the database, when there is a place for a new one.</summary>
    private bool IsRepeated(CreateInterviewRequest request) => request.IdempotencyKey.Length > 0 && registry.FindByIdempotencyKey(request.Tenant, request.IdempotencyKey) is not null;

    private RpcException Refused(AdmissionDecision refusal)
    {
        meter.InterviewRefused(refusal.Reason);
        return CallFaults.Refused(refusal);
    }

    private async Task<InterviewRow> AuthorizeAsync(string interviewId, string accessToken, CancellationToken cancellation)
    {
        var row = await store.FindAsync(interviewId, cancellation) ?? throw CallFaults.NotFound(interviewId);
        return AccessToken.Matches(accessToken, row.AccessTokenSha256) ? row : throw CallFaults.WrongToken();
    }

    private static Stage Stage(Assessment.Plans.PlanStage stage, string language)
    {
        var wire = new Stage { StageId = stage.Id, Mode = stage.Mode.ToString().ToLowerInvariant() };
        wire.Questions.AddRange(stage.Questions.Select(question => new Question
        {
            QuestionId = question.Id,
            Text = question.Text.In(language),
            TimeLimitS = (int)question.TimeLimit.TotalSeconds,
            Rerecords = question.Rerecords,
        }));
        return wire;
    }
}
