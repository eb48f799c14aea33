using MediaScore.Keys;
using MediaScore.MediaServer.Sessions;

namespace MediaScore.MediaServer.Tests.Sessions;

public sealed class AccessTokenTests
{
    [Fact]
    public void A_token_is_the_same_for_the_same_key_and_fits_its_own_hash_only()
    {
        using var key = DataKey.CreateRandom();
        using var other = DataKey.CreateRandom();

        var token = AccessToken.Derive(key);

        token.Length.ShouldBe(AccessToken.Length);
        AccessToken.Derive(key).ShouldBe(token);
        AccessToken.Matches(token, AccessToken.Hash(token)).ShouldBeTrue();
        AccessToken.Matches(AccessToken.Derive(other), AccessToken.Hash(token)).ShouldBeFalse();
        AccessToken.Matches(null, AccessToken.Hash(token)).ShouldBeFalse();
        AccessToken.Matches(token + "A", AccessToken.Hash(token)).ShouldBeFalse();
        AccessToken.Hash(token).ShouldNotContain(token);
    }
}
