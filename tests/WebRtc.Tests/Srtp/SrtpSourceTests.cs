using MediaScore.WebRtc.Srtp;

namespace MediaScore.WebRtc.Tests.Srtp;

/// <summary>How many sources a session may have, and which one goes.</summary>
public sealed class SrtpSourceTests
{
    private const uint Talking = 1;
    private const uint Silent = 2;

    [Fact]
    public void Every_source_has_its_own_roll_over_and_window()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);

        for (ushort i = 65_500; i != 50; i++)
        {
            pair.Open(pair.Protect(i, Talking)).ShouldBe(SrtpVerdict.Ok);
            pair.Open(pair.Protect((ushort)(i + 20), Silent)).ShouldBe(SrtpVerdict.Ok);
        }

        pair.Receiver.SourceCount.ShouldBe(2);
    }

    [Fact]
    public void A_full_session_takes_no_other_source_while_all_of_its_own_send()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm, maxSources: 2);
        for (ushort i = 0; i < 3000; i++)
        {
            pair.Open(pair.Protect(i, Talking)).ShouldBe(SrtpVerdict.Ok);
            pair.Open(pair.Protect(i, Silent)).ShouldBe(SrtpVerdict.Ok);
        }

        pair.Open(pair.Protect(1, ssrc: 3)).ShouldBe(SrtpVerdict.TooManySources);

        pair.Receiver.SourceCount.ShouldBe(2);
        pair.Open(pair.Protect(3000, Silent)).ShouldBe(SrtpVerdict.Ok);
    }

    [Fact]
    public void The_source_that_has_been_silent_longest_makes_room()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm, maxSources: 2);
        BeSilent(pair);

        pair.Open(pair.Protect(1, ssrc: 3)).ShouldBe(SrtpVerdict.Ok);

        pair.Receiver.SourceCount.ShouldBe(2);
        pair.Open(pair.Protect(5000, Talking)).ShouldBe(SrtpVerdict.Ok);
    }

    [Fact]
    public void Who_has_no_key_drives_nobody_out()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm, maxSources: 2);
        BeSilent(pair);

        for (uint ssrc = 100; ssrc < 1100; ssrc++)
            pair.Open(SrtpPair.Forge(pair.Protect(1, ssrc))).ShouldBe(SrtpVerdict.AuthenticationFailed);

        pair.Receiver.SourceCount.ShouldBe(2);
        pair.Open(pair.Protect(6, Silent)).ShouldBe(SrtpVerdict.Ok);
    }

    [Fact]
    public void A_source_that_made_room_comes_back_where_it_was_and_cannot_be_replayed()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm, maxSources: 2);
        var recorded = new List<byte[]>();
        for (var index = 65_000; index < 3 * 65_536; index += 500)
        {
            var packet = pair.Protect((ushort)index, Silent);
            recorded.Add(packet);
            pair.Open(packet).ShouldBe(SrtpVerdict.Ok);
        }

        for (ushort i = 0; i < 2000; i++)
            pair.Open(pair.Protect(i, Talking)).ShouldBe(SrtpVerdict.Ok);
        pair.Open(pair.Protect(1, ssrc: 3)).ShouldBe(SrtpVerdict.Ok);
        for (ushort i = 2000; i < 4000; i++)
            pair.Open(pair.Protect(i, Talking)).ShouldBe(SrtpVerdict.Ok);

        recorded.ShouldAllBe(packet => pair.Open(packet) != SrtpVerdict.Ok);
        pair.Open(pair.Protect(100, Silent)).ShouldBe(SrtpVerdict.Ok);
        recorded.ShouldAllBe(packet => pair.Open(packet) != SrtpVerdict.Ok);
        pair.Receiver.SourceCount.ShouldBe(2);
    }

    [Fact]
    public void Sources_that_made_room_are_not_remembered_without_bound()
    {
        var table = new SrtpSourceTable(maxSources: 1, silentPackets: 10);
        var taken = 0;

        for (uint ssrc = 0; ssrc < 3000; ssrc++)
        {
            if (!table.TryAdd(ssrc, 1))
                break;
            taken++;
            var window = table.Find(ssrc)!;
            var other = new ReplayWindow(0);
            for (var i = 0; i < 10; i++)
                table.Touch(other);
            window.Highest.ShouldBe(1);
        }

        taken.ShouldBe(1025);
        table.Count.ShouldBe(1);
    }

    private static void BeSilent(SrtpPair pair)
    {
        for (ushort i = 0; i < 5; i++)
            pair.Open(pair.Protect(i, Silent)).ShouldBe(SrtpVerdict.Ok);
        for (ushort i = 0; i < 2000; i++)
            pair.Open(pair.Protect(i, Talking)).ShouldBe(SrtpVerdict.Ok);
    }
}
