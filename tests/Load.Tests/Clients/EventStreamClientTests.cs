using System.Net;
using System.Text;
using MediaScore.Load.Clients;

namespace MediaScore.Load.Tests.Clients;

public sealed class EventStreamClientTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Events_are_heard_whole_however_the_bytes_arrive(int bytesAtOnce)
    {
        const string Stream = "retry: 2000\n\nevent: safe\ndata: {\"ms\":200}\n\n:\n\nevent: caption\ndata: {\"text\":\"ü\"}\n\n";
        using var handler = new Answer(new Drops(Encoding.UTF8.GetBytes(Stream), bytesAtOnce));
        using var http = new HttpClient(handler);
        var heard = new List<string>();
        var opened = 0;

        await new EventStreamClient(http, new Uri("http://127.0.0.1/events"), "token").ReadAsync(
            () => opened++, (name, data) => heard.Add($"{Encoding.UTF8.GetString(name)} {Encoding.UTF8.GetString(data)}"), TestContext.Current.CancellationToken);

        opened.ShouldBe(1);
        heard.ShouldBe(["safe {\"ms\":200}", "caption {\"text\":\"ü\"}"]);
    }

    private sealed class Answer(Stream body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) });
    }

    private sealed class Drops(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
    }
}
