using System.Globalization;
using Grpc.Core;
using MediaScore.MediaServer.Sessions;

namespace MediaScore.MediaServer.Ingress.Grpc;

/// <summary>Statuses that calls end with.</summary>
internal static class CallFaults
{
    /// <summary>When to ask again, in milliseconds.</summary>
    public const string RetryAfterTrailer = "retry-after-ms";

    public static RpcException InvalidArgument(string fault) => new(new Status(StatusCode.InvalidArgument, fault));

    public static RpcException InvalidArgument(IReadOnlyList<string> faults) => InvalidArgument(string.Join("; ", faults));

    public static RpcException NotFound(string interviewId) => new(new Status(StatusCode.NotFound, $"There is no interview '{interviewId}'."));

    public static RpcException WrongToken() => new(new Status(StatusCode.PermissionDenied, "access_token is not this interview's."));

    public static RpcException FailedPrecondition(string reason) => new(new Status(StatusCode.FailedPrecondition, reason));

    /// <summary>The next process answers.</summary>
    public static RpcException Restarting() => new(
        new Status(StatusCode.Unavailable, "The server is about to be restarted; ask again in a few seconds."),
        new Metadata { { RetryAfterTrailer, ((long)InterviewConductor.RestartTime.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) } });

    public static RpcException Refused(AdmissionDecision decision) => new(
        new Status(StatusCode.ResourceExhausted, decision.Message),
        new Metadata { { RetryAfterTrailer, ((long)decision.RetryAfter.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) } });
}
