using System.Net.ServerSentEvents;
using System.Text.Json;

namespace MediaScore.MediaServer.Tests.Support;

/// <summary>Reads one event stream.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    // Far beyond what anything here takes, also on a machine that does other things.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly HttpResponseMessage _answer;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    // Read while another name was waited for. What the session says and what the analysis says overtake each other, so no test may depend on their order.
    private readonly List<SseItem<string>> _passed = [];

    private EventReader(HttpResponseMessage answer, IAsyncEnumerator<SseItem<string>> items) => (_answer, _items) = (answer, items);

    public static async Task<EventReader> OpenAsync(HttpResponseMessage answer)
    {
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        return new EventReader(answer, SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator());
    }

    /// <summary>The first event of this name that fits, of those that nobody has asked for yet and of those to come.</summary>
    public async Task<JsonElement> UntilAsync(string name, Func<JsonElement, bool>? fits = null)
    {
        var last = "none";
        while (_passed.FindIndex(e => e.EventType == name) is >= 0 and var index)
        {
            last = _passed[index].Data;
            _passed.RemoveAt(index);
            if (JsonDocument.Parse(last).RootElement is var data && fits?.Invoke(data) is not false)
                return data;
        }

        var deadline = Task.Delay(Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        while (true)
        {
            var more = _items.MoveNextAsync().AsTask();
            if (await Task.WhenAny(more, deadline) == deadline)
                throw new TimeoutException($"No fitting event {name} came within {Patience}. The last one: {last}");
            if (!await more)
                throw new InvalidOperationException($"The stream ended without a fitting event {name}. The last one: {last}");
            if (_items.Current.EventType != name)
            {
                _passed.Add(_items.Current);
                continue;
            }

            last = _items.Current.Data;
            if (JsonDocument.Parse(last).RootElement is var data && fits?.Invoke(data) is not false)
                return data;
        }
    }

    /// <returns>False at the end of the stream.</returns>
    public ValueTask<bool> MoreAsync() => _items.MoveNextAsync();

    public async ValueTask DisposeAsync()
    {
        // Disposing the answer first ends a read that is under way.
        _answer.Dispose();
        try
        {
            await _items.DisposeAsync();
        }
        catch (NotSupportedException)
        {
            // A read is under way; it ends with the answer.
        }
    }
}
