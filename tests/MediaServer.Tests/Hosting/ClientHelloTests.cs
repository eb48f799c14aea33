using System.Buffers;
using System.Net.Security;
using System.Security.Cryptography;
using MediaScore.MediaServer.Hosting.Https;

namespace MediaScore.MediaServer.Tests.Hosting;

/// <summary>Telling a terminal from a browser by the first bytes of TLS.</summary>
public sealed class ClientHelloTests
{
    [Theory]
    [InlineData("h2", true)]
    [InlineData("grpc-exp h2", true)]
    [InlineData("h2 http/1.1", false)]
    [InlineData("http/1.1", false)]
    [InlineData("h3", false)]
    [InlineData("", false)]
    public async Task Only_who_offers_http_2_and_nothing_else_is_taken_for_gRPC(string offers, bool expected)
    {
        var hello = await HelloAsync(offers.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        ClientHello.OffersHttp2Alone(new ReadOnlySequence<byte>(hello)).ShouldBe(expected);
        ClientHello.OffersHttp2Alone(InPieces(hello)).ShouldBe(expected);
    }

    [Fact]
    public async Task A_hello_that_is_cut_or_spoilt_is_nobody_s()
    {
        var hello = await HelloAsync(["h2"]);

        for (var length = 0; length < hello.Length; length++)
            ClientHello.OffersHttp2Alone(new ReadOnlySequence<byte>(hello, 0, length)).ShouldBeFalse();
        // Whatever comes of it, nothing is thrown.
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var spoilt = hello.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
                spoilt[random.Next(spoilt.Length)] = (byte)random.Next(256);
            ClientHello.OffersHttp2Alone(new ReadOnlySequence<byte>(spoilt));
        }

        ClientHello.OffersHttp2Alone(new ReadOnlySequence<byte>(RandomNumberGenerator.GetBytes(500))).ShouldBeFalse();
    }

    /// <summary>What this machine's TLS says first.</summary>
    private static async Task<byte[]> HelloAsync(string[] offers)
    {
        using var wire = new FirstWrite();
        using var tls = new SslStream(wire);
        var options = new SslClientAuthenticationOptions { TargetHost = "server.test", ApplicationProtocols = [.. offers.Select(offer => new SslApplicationProtocol(offer))] };
        await Should.ThrowAsync<IOException>(() => tls.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken));
        return wire.Written.ToArray();
    }

    private static ReadOnlySequence<byte> InPieces(byte[] bytes)
    {
        var first = new Piece(bytes.AsMemory(0, 40), null);
        return new ReadOnlySequence<byte>(first, 0, new Piece(bytes.AsMemory(40), first), bytes.Length - 40);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null)
                return;
            RunningIndex = before.Memory.Length;
            before.Next = this;
        }
    }

    /// <summary>Takes what is written, and has nothing to say.</summary>
    private sealed class FirstWrite : Stream
    {
        public MemoryStream Written { get; } = new();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Written.Write(buffer, offset, count);
    }
}
