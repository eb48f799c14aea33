using Grpc.Core;
using Grpc.Core.Interceptors;
using MediaScore.MediaServer.Observability;

namespace MediaScore.MediaServer.Ingress.Grpc;

/// <summary>Counts and times every call, by method and status. A fault that is no status becomes INTERNAL without its text, which stays in the log; a status message is cut to what clients take.</summary>
internal sealed partial class MetricsInterceptor(MediaServerMeter meter, TimeProvider time, ILogger<MetricsInterceptor> logger) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        MeasureAsync(context, () => continuation(request, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        MeasureAsync(context, async () =>
        {
            await continuation(request, responseStream, context);
            return true;
        });

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        MeasureAsync(context, async () =>
        {
            await continuation(requestStream, responseStream, context);
            return true;
        });

    private async Task<T> MeasureAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        var began = time.GetTimestamp();
        var status = StatusCode.OK;
        try
        {
            return await call();
        }
        catch (RpcException e)
        {
            status = e.StatusCode;
            var detail = StatusDetail.Fit(e.Status.Detail);
            if (ReferenceEquals(detail, e.Status.Detail))
                throw;
            throw new RpcException(new Status(status, detail), e.Trailers);
        }
        catch (Exception e) when (context.CancellationToken.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            status = StatusCode.Cancelled;
            throw new RpcException(new Status(StatusCode.Cancelled, "The client went away."), e.GetType().Name);
        }
        catch (Exception e)
        {
            status = StatusCode.Internal;
            LogFault(context.Method, e);
            throw new RpcException(new Status(StatusCode.Internal, "A fault of the server; its log has the details."), e.GetType().Name);
        }
        finally
        {
            meter.CallEnded(context.Method, status.ToString(), time.GetElapsedTime(began));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed")]
    private partial void LogFault(string method, Exception fault);
}
