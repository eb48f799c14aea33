using MediaScore.Peers.Network;
using MediaScore.Peers.Running;

namespace MediaScore.LossTable;

/// <summary>One row of the table.</summary>
/// <param name="AudioNack">The offer asks for retransmission of sound, which a page has to add.</param>
/// <param name="Network">Both ways.</param>
/// <param name="Happening">What is done to the sender once, <see cref="HappensAt"/> after its first packet.</param>
internal sealed record Scenario(string Name, bool AudioNack, NetworkConditions Network, Action<RunningPeer>? Happening = null)
{
    /// <summary>Far enough in that everything has settled, early enough that there is time to recover.</summary>
    public static readonly TimeSpan HappensAt = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(30);

    public TimeSpan Outage => Network.Outages.Count > 0 ? Network.Outages[0].Length : TimeSpan.Zero;

    /// <summary>Something happens at one time, so that a time to recover means something.</summary>
    public bool HasMoment => Outage > TimeSpan.Zero || Happening is not null;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("no loss", false, new NetworkConditions { Delay = Delay }),
        new("2 % loss", false, Loss(2)),
        new("5 % loss", false, Loss(5)),
        new("10 % loss", false, Loss(10)),
        new("20 % loss", false, Loss(20)),
        new("2 % loss", true, Loss(2)),
        new("5 % loss", true, Loss(5)),
        new("10 % loss", true, Loss(10)),
        new("20 % loss", true, Loss(20)),
        new("10 % loss in runs of 8", true, Loss(10) with { LossBurst = 8 }),
        new("jitter 0 to 300 ms, overtaking", true, new NetworkConditions { Delay = Delay, Jitter = TimeSpan.FromMilliseconds(300) }),
        new("jitter 0 to 300 ms in a queue", true, new NetworkConditions { Delay = Delay, Jitter = TimeSpan.FromMilliseconds(300), KeepsOrder = true }),
        new("10 % held back 60 ms", true, new NetworkConditions { Delay = Delay, ReorderPercent = 10 }),
        new("10 % twice", true, new NetworkConditions { Delay = Delay, DuplicatePercent = 10 }),
        new("outage of 1 s", true, Out(1)),
        new("outage of 5 s", true, Out(5)),
        new("outage of 30 s", true, Out(30)),
        new("address change, noticed (Wi-Fi to cellular)", true, new NetworkConditions { Delay = Delay }, static peer => peer.ChangeAddress(noticed: true)),
        new("address change, unnoticed (NAT)", true, new NetworkConditions { Delay = Delay }, static peer => peer.ChangeAddress(noticed: false)),
        new("ICE restart", true, new NetworkConditions { Delay = Delay }, static peer => _ = peer.RestartIceAsync()),
    ];

    private static NetworkConditions Loss(double percent) => new() { LossPercent = percent, Delay = Delay };

    private static NetworkConditions Out(int seconds) => new() { Delay = Delay, Outages = [new Outage(HappensAt, TimeSpan.FromSeconds(seconds))] };
}
