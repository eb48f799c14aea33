using Grpc.Core;
using MediaScore.Load.Server;

namespace MediaScore.Load;

/// <summary>What ends one run without a row, by the server's or the machine's doing. A sweep goes on with its next load; anything else is a defect of this program.</summary>
internal static class RunFault
{
    public static bool Is(Exception fault) => fault
        is ServerStartException or InvalidOperationException or InvalidDataException or IOException or TimeoutException or OperationCanceledException or RpcException or HttpRequestException;
}
