using MediaScore.MediaServer.Ingress.Grpc;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Tests.Ingress;

public sealed class OutgoingMessagesTests
{
    [Fact]
    public async Task A_newer_acknowledgement_replaces_the_one_that_waits()
    {
        using var outgoing = new OutgoingMessages(4);

        outgoing.TryAdd(Acknowledgement(1));
        outgoing.TryAdd(Caption("a"));
        outgoing.TryAdd(Acknowledgement(2));
        outgoing.Complete();
        var sent = await DrainAsync(outgoing);

        sent.Select(m => m.MessageCase).ShouldBe([ServerMessage.MessageOneofCase.Acknowledgement, ServerMessage.MessageOneofCase.Caption]);
        sent[0].Acknowledgement.DurableUs.ShouldBe(2);
        outgoing.DroppedCount.ShouldBe(0);
    }

    [Fact]
    public async Task The_oldest_caption_or_warning_is_dropped_and_counted_when_it_is_full_and_nothing_else_is()
    {
        using var outgoing = new OutgoingMessages(3);

        outgoing.TryAdd(new ServerMessage { Stage = new StageChanged { StageId = "s" } });
        outgoing.TryAdd(Caption("a"));
        outgoing.TryAdd(Caption("b"));
        outgoing.TryAdd(Caption("c"));
        outgoing.TryAdd(new ServerMessage { ReportReady = new ReportReady() });
        outgoing.Complete();
        var sent = await DrainAsync(outgoing);

        outgoing.DroppedCount.ShouldBe(2);
        sent.Select(m => m.MessageCase).ShouldBe([ServerMessage.MessageOneofCase.Stage, ServerMessage.MessageOneofCase.Caption, ServerMessage.MessageOneofCase.ReportReady]);
        sent[1].Caption.Text.ShouldBe("c");
    }

    [Fact]
    public void It_refuses_when_nothing_may_be_dropped()
    {
        using var outgoing = new OutgoingMessages(2);
        outgoing.TryAdd(new ServerMessage { Stage = new StageChanged() }).ShouldBeTrue();
        outgoing.TryAdd(new ServerMessage { Stage = new StageChanged() }).ShouldBeTrue();

        outgoing.TryAdd(Caption("a")).ShouldBeFalse();
    }

    private static async Task<List<ServerMessage>> DrainAsync(OutgoingMessages outgoing)
    {
        var sent = new List<ServerMessage>();
        while (await outgoing.TakeAsync(TestContext.Current.CancellationToken) is { } message)
            sent.Add(message);
        return sent;
    }

    private static ServerMessage Acknowledgement(long durable) => new() { Acknowledgement = new Acknowledgement { DurableUs = durable } };

    private static ServerMessage Caption(string text) => new() { Caption = new Caption { Text = text } };
}
