using MediaScore.MediaServer.Api.Live;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>Lets nobody by without the console's token. On the group, so that no endpoint can forget it.</summary>
internal sealed class ConsoleGate(ConsoleAccess access) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) => access.Check(context.HttpContext) ?? await next(context);
}
