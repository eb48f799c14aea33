using MediaScore.WebRtc.Srtp;

namespace MediaScore.WebRtc.Tests.Srtp;

public sealed class SrtpKeysTests
{
    [Theory]
    [InlineData((int)SrtpProfile.Aes128CmSha1Tag80, 60)]
    [InlineData((int)SrtpProfile.AeadAes128Gcm, 56)]
    [InlineData((int)SrtpProfile.AeadAes256Gcm, 88)]
    public void Material_is_split_in_the_order_of_RFC_5764(int number, int length)
    {
        var profile = (SrtpProfile)number;
        SrtpKeys.MaterialLength(profile).ShouldBe(length);
        var material = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();

        using var keys = SrtpKeys.Split(profile, material);

        ((byte[])[.. keys.ClientKey, .. keys.ServerKey, .. keys.ClientSalt, .. keys.ServerSalt]).ShouldBe(material);
        keys.ClientKey.Length.ShouldBe(keys.ServerKey.Length);
        keys.ClientSalt.Length.ShouldBe(keys.ServerSalt.Length);
    }

    [Fact]
    public void At_the_end_they_are_cleared_and_they_are_never_shown()
    {
        var keys = SrtpKeys.Split(SrtpProfile.AeadAes128Gcm, [.. Enumerable.Repeat((byte)0xAB, 56)]);

        keys.Dispose();

        keys.ClientKey.Concat(keys.ServerKey).Concat(keys.ClientSalt).Concat(keys.ServerSalt).ShouldAllBe(b => b == 0);
        keys.ToString().ShouldBe("SRTP keys, AeadAes128Gcm");
    }

    [Fact]
    public void Keys_of_another_length_are_a_mistake() =>
        Should.Throw<ArgumentException>(() => new SrtpReceiver(SrtpProfile.AeadAes256Gcm, new byte[16], new byte[12], 1));
}
