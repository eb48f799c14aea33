using System.Net;

namespace MediaScore.DeviceStreams.ZkPush.Simulator;

/// <summary>A body that promises its whole length and breaks off in the middle, as a terminal's does when its network goes.</summary>
internal sealed class CutContent(byte[] body) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(body.AsMemory(0, body.Length / 2));
        await stream.FlushAsync();
        throw new IOException("The terminal's network is gone.");
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
