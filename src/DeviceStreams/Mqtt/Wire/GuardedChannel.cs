using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace MediaScore.DeviceStreams.Mqtt.Wire;

/// <summary>
/// The bytes of one MQTT connection on their way to the library's decoder. Follows the packets' framing (MQTT 5, 2.1: type, length, body): a message that is too long is handed on cut,
/// with a length that is true, and the rest of it is read and forgotten; any other packet that is too long ends the connection. One reader.
/// </summary>
internal sealed class GuardedChannel(IMqttChannel inner, PacketGuard guard) : IMqttChannel
{
    private const int Publish = 3;
    private const int BufferBytes = 8 << 10;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly byte[] _header = new byte[5];
    private int _start;
    private int _end;
    private int _headerStart;
    private int _headerEnd;
    private int _bodyLeft;
    private int _excess;

    public X509Certificate2? ClientCertificate => inner.ClientCertificate;

    public EndPoint? LocalEndPoint => inner.LocalEndPoint;

    public EndPoint? RemoteEndPoint => inner.RemoteEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken) => inner.WriteAsync(buffer, isEndOfPacket, cancellationToken);

    public void Dispose() => inner.Dispose();

    /// <returns>0 where the connection has ended.</returns>
    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_headerStart == _headerEnd && _bodyLeft == 0 && !await BeginPacketAsync(cancellationToken))
            return 0;
        if (_headerStart < _headerEnd)
        {
            var taken = Math.Min(count, _headerEnd - _headerStart);
            _header.AsSpan(_headerStart, taken).CopyTo(buffer.AsSpan(offset));
            _headerStart += taken;
            return taken;
        }

        if (_start == _end && !await FillAsync(cancellationToken))
            return 0;
        var copied = Math.Min(count, Math.Min(_bodyLeft, _end - _start));
        _buffer.AsSpan(_start, copied).CopyTo(buffer.AsSpan(offset));
        _start += copied;
        _bodyLeft -= copied;
        return copied;
    }

    private async Task<bool> BeginPacketAsync(CancellationToken cancellationToken)
    {
        while (_excess > 0)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
                return false;
            var forgotten = Math.Min(_excess, _end - _start);
            _start += forgotten;
            _excess -= forgotten;
        }

        await guard.EnterAsync(cancellationToken);
        var isMessage = false;
        try
        {
            if (await NextAsync(cancellationToken) is not { } type || await ReadLengthAsync(cancellationToken) is not { } length)
                return false;
            isMessage = type >> 4 == Publish;
            if (length > guard.MaxPacketBytes)
            {
                if (!isMessage)
                    throw new MqttProtocolViolationException($"A packet of {length} bytes; at most {guard.MaxPacketBytes} are taken.");
                guard.NoteCut();
                _excess = length - guard.MaxPacketBytes;
                length = guard.MaxPacketBytes;
            }

            SetHeader(type, length);
            return true;
        }
        finally
        {
            // A message keeps its place until it was taken.
            if (!isMessage)
                guard.Release();
        }
    }

    private void SetHeader(byte type, int length)
    {
        _bodyLeft = length;
        _header[0] = type;
        (_headerStart, _headerEnd) = (0, 1);
        do
        {
            var digit = length & 127;
            length >>= 7;
            _header[_headerEnd++] = (byte)(length > 0 ? digit | 128 : digit);
        }
        while (length > 0);
    }

    /// <summary>Seven bits a byte, the lowest first, at most four bytes (MQTT 5, 1.5.5).</summary>
    private async Task<int?> ReadLengthAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            if (await NextAsync(cancellationToken) is not { } digit)
                return null;
            length |= (digit & 127) << shift;
            if ((digit & 128) == 0)
                return length;
        }

        throw new MqttProtocolViolationException("The length of a packet has more than four bytes.");
    }

    private async ValueTask<byte?> NextAsync(CancellationToken cancellationToken) =>
        _start < _end || await FillAsync(cancellationToken) ? _buffer[_start++] : null;

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _start = 0;
        _end = 0;
        _end = await inner.ReadAsync(_buffer, 0, _buffer.Length, cancellationToken);
        return _end > 0;
    }
}
