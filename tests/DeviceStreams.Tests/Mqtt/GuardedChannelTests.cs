using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MediaScore.DeviceStreams.Mqtt.Wire;
using MediaScore.DeviceStreams.Tests.Support;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace MediaScore.DeviceStreams.Tests.Mqtt;

public sealed class GuardedChannelTests
{
    private const int MaxPayload = 1_024;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4_096)]
    [InlineData(100_000)]
    public async Task Bytes_pass_unchanged_however_the_network_cuts_them(int pieceBytes)
    {
        byte[] stream = [.. Packet(0x20, 2), .. Packet(0x30, 5), 0xD0, 0x00, .. Packet(0x32, 127), .. Packet(0x32, 128), .. Packet(0x32, 20_000), .. Packet(0x32, 130_000), 0xD0, 0x00];
        var channel = new GuardedChannel(new Network(stream, pieceBytes), new PacketGuard(MaxPayload));

        (await ReadAllAsync(channel)).ShouldBe(stream);
    }

    [Fact]
    public async Task A_message_that_is_too_long_comes_cut_and_what_follows_comes_whole()
    {
        var cut = 0;
        var guard = new PacketGuard(MaxPayload, onCut: () => cut++);
        byte[] huge = Packet(0x32, 5_000_000), after = Packet(0x32, 300);
        var channel = new GuardedChannel(new Network([.. huge, .. after], 60_000), guard);

        var read = await ReadAllAsync(channel);

        read.Length.ShouldBe(1 + 3 + guard.MaxPacketBytes + after.Length);
        read[..4].ShouldBe(Header(0x32, guard.MaxPacketBytes));
        // Topic and number of the message are in front, as they were.
        read.AsSpan(4, 1_000).SequenceEqual(huge.AsSpan(5, 1_000)).ShouldBeTrue();
        read[^after.Length..].ShouldBe(after);
        cut.ShouldBe(1);
    }

    [Fact]
    public async Task A_claim_of_256_MiB_by_a_stranger_ends_its_connection_and_costs_no_memory()
    {
        var channel = new GuardedChannel(new Network([0x10, 0xFF, 0xFF, 0xFF, 0x7F], 5), new PacketGuard(MaxPayload));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = ReadAllAsync(channel);
        var cost = GC.GetAllocatedBytesForCurrentThread() - before;

        // Nothing in it waits: all of it has happened on this thread.
        reading.IsCompleted.ShouldBeTrue();
        cost.ShouldBeLessThan(1 << 20);
        (await Should.ThrowAsync<MqttProtocolViolationException>(() => reading)).Message.ShouldContain("268435455");
    }

    [Fact]
    public async Task A_length_of_more_than_four_bytes_ends_the_connection()
    {
        var channel = new GuardedChannel(new Network([0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], 6), new PacketGuard(MaxPayload));

        await Should.ThrowAsync<MqttProtocolViolationException>(() => ReadAllAsync(channel));
    }

    [Fact]
    public async Task An_end_in_the_middle_of_a_packet_is_an_end()
    {
        byte[] whole = Packet(0x32, 300);
        var channel = new GuardedChannel(new Network(whole[..100], 7), new PacketGuard(MaxPayload));

        (await ReadAllAsync(channel)).ShouldBe(whole[..100]);
    }

    [Fact]
    public async Task No_more_messages_are_read_than_may_wait_and_other_packets_take_no_place()
    {
        var guard = new PacketGuard(MaxPayload, maxPending: 2);
        var channel = new GuardedChannel(new Network([.. Packet(0x30, 3), 0xD0, 0x00, .. Packet(0x30, 3), 0xD0, 0x00, .. Packet(0x30, 3)], 4_096), guard);
        await ReadAsync(channel, 5 + 2 + 5);

        var next = ReadAsync(channel, 2 + 5);
        next.IsCompleted.ShouldBeFalse();
        guard.Release();
        guard.Release();

        (await next).ShouldBe([0xD0, 0x00, .. Packet(0x30, 3)]);
    }

    [Fact]
    public async Task No_spoilt_stream_ends_otherwise_than_it_should_or_gets_a_packet_through_that_is_too_long()
    {
        // So that what is too long may be short: the room for a topic is taken off again.
        const int Longest = 1_024;
        var mutator = new Mutator(10);
        byte[] stream = [.. Packet(0x10, 40), .. Packet(0x82, 30), .. Packet(0x32, 300), 0xC0, 0x00, .. Packet(0x32, 3_000), .. Packet(0x40, 2), 0xE0, 0x00];
        var (cut, refused) = (0, 0);
        for (var i = 0; i < Mutator.CountOr(20_000); i++)
        {
            var spoilt = mutator.Spoil(stream);
            var guard = new PacketGuard(Longest - new PacketGuard(0).MaxPacketBytes, onCut: () => cut++);
            var channel = new GuardedChannel(new Network(spoilt, 1 + (i % 700)), guard);
            var read = new List<byte>();
            var bite = new byte[512];
            try
            {
                while (await channel.ReadAsync(bite, 0, bite.Length, TestContext.Current.CancellationToken) is > 0 and var count)
                    read.AddRange(bite.AsSpan(0, count));
            }
            catch (MqttProtocolViolationException)
            {
                refused++;
            }

            read.Count.ShouldBeLessThanOrEqualTo(spoilt.Length);
            for (var at = 0; at < read.Count;)
            {
                var (length, begin) = (0, at + 1);
                for (var shift = 0; begin < read.Count; shift += 7)
                {
                    length |= (read[begin] & 127) << shift;
                    if (read[begin++] < 128)
                        break;
                }

                length.ShouldBeLessThanOrEqualTo(Longest, $"case {i}");
                at = begin + length;
            }
        }

        (cut > 1_000 && refused > 1_000).ShouldBeTrue($"{cut} cut, {refused} refused");
    }

    private static byte[] Packet(byte type, int length) => [.. Header(type, length), .. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];

    private static byte[] Header(byte type, int length)
    {
        var header = new List<byte> { type };
        do
        {
            header.Add((byte)((length & 127) | (length > 127 ? 128 : 0)));
            length >>= 7;
        }
        while (length > 0);
        return [.. header];
    }

    /// <summary>As the library's decoder reads: two bytes, one by one, then the body by 4 KiB; here simply in uneven bites.</summary>
    private static async Task<byte[]> ReadAllAsync(GuardedChannel channel)
    {
        var all = new List<byte>();
        var bite = new byte[3_001];
        while (await channel.ReadAsync(bite, 0, bite.Length, TestContext.Current.CancellationToken) is > 0 and var count)
            all.AddRange(bite.AsSpan(0, count));
        return [.. all];
    }

    private static async Task<byte[]> ReadAsync(GuardedChannel channel, int count)
    {
        var all = new byte[count];
        for (var at = 0; at < count;)
            at += await channel.ReadAsync(all, at, count - at, TestContext.Current.CancellationToken);
        return all;
    }

    private sealed class Network(byte[] bytes, int pieceBytes) : IMqttChannel
    {
        private int _at;

        public X509Certificate2? ClientCertificate => null;

        public EndPoint? LocalEndPoint => null;

        public EndPoint? RemoteEndPoint => null;

        public bool IsSecureConnection => false;

        public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task DisconnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            var taken = Math.Min(Math.Min(count, pieceBytes), bytes.Length - _at);
            bytes.AsSpan(_at, taken).CopyTo(buffer.AsSpan(offset));
            _at += taken;
            return Task.FromResult(taken);
        }

        public void Dispose()
        {
        }
    }
}
