using System.Net;
using System.Text;
using MediaScore.WebRtc;
using MediaScore.WebRtc.Transport;

namespace MediaScore.ReceivePath;

/// <summary>POST of WHIP on this machine and nothing else of it.</summary>
internal sealed class WhipStub : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly RtcLoop _loop;
    private readonly FrameRecorder _recorder;
    private readonly Task _serving;

    public WhipStub(RtcLoop loop, FrameRecorder recorder, int port)
    {
        _loop = loop;
        _recorder = recorder;
        Address = new Uri($"http://127.0.0.1:{port}/");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    public List<RtcConnection> Connections { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                var body = await reader.ReadToEndAsync();
                if (context.Request.HttpMethod == "POST")
                    await AnswerAsync(context, body);
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context, string offer)
    {
        var answer = _loop.Answer(offer, new RtcAnswerOptions(), new Events(_recorder));
        if (answer.Connection is not { } connection)
        {
            context.Response.StatusCode = 422;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Message));
            return;
        }

        lock (Connections)
            Connections.Add(connection);
        context.Response.StatusCode = 201;
        context.Response.Headers["Location"] = "/" + connection.Id;
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Sdp!));
    }

    private sealed class Events(FrameRecorder recorder) : IRtcEvents
    {
        public void OnFrame(in EncodedFrame frame) => recorder.Add(frame);

        public void OnState(RtcState state, CloseReason reason)
        {
            // The connections' statistics tell.
        }
    }
}
