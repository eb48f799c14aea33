namespace MediaScore.Timeline.Tests;

/// <summary>The framing of docs/formats/timeline.md, byte for byte. The expected bytes come from a Python script that packs the documented fields by itself.</summary>
public sealed class LogFormatTests
{
    private static readonly LogFileHeader FileHeader = new(LogContent.Timeline, LogFileHeader.HashInterviewId("interview-1"), CreatedEpoch: 3, KeyCheck: 0xA1B2C3D4);

    private static readonly LogRecordHeader RecordHeader = new(
        BodyLength: 300, Sequence: 5, Epoch: 3, FirstStamp: 1_772_366_400_000_000, LastStamp: -1, NoncePrefix: 0x1122334455667788, NonceCounter: 9, Flags: 1,
        DurableLength: 4096, BodyCrc: 0xCAFEF00D);

    [Fact]
    public void Checksum_gives_the_values_of_RFC_3720_appendix_B_4()
    {
        Crc32C.Compute(new byte[32]).ShouldBe(0x8A9136AAu);
        Crc32C.Compute(Enumerable.Repeat((byte)0xFF, 32).ToArray()).ShouldBe(0x62A8AB43u);
        Crc32C.Compute(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()).ShouldBe(0x46DD794Eu);
        Crc32C.Compute("123456789"u8).ShouldBe(0xE3069283u);
    }

    [Fact]
    public void A_file_header_has_the_documented_bytes()
    {
        var bytes = new byte[LogFileHeader.SizeInBytes];
        FileHeader.Write(bytes);

        Convert.ToHexString(bytes).ShouldBe(
            "4D5354494D454C4E" + "0100" + "4000" + "00000000" + Convert.ToHexString(LogFileHeader.HashInterviewId("interview-1")) + "0300000000000000" + "D4C3B2A1" + "730C9326");
    }

    [Fact]
    public void A_record_header_has_the_documented_bytes()
    {
        var bytes = new byte[LogRecordHeader.SizeInBytes];
        RecordHeader.Write(bytes);

        Convert.ToHexString(bytes).ShouldBe(
            "4D534C52" + "2C010000" + "0500000000000000" + "0300000000000000" + "0010AF35F54B0600" + "FFFFFFFFFFFFFFFF" + "8877665544332211" + "09000000" + "01000000"
            + "0010000000000000" + "0DF0FECA" + "4FF52D14");
    }

    [Fact]
    public void Headers_come_back_equal_from_their_bytes()
    {
        var file = new byte[LogFileHeader.SizeInBytes];
        var record = new byte[LogRecordHeader.SizeInBytes];
        FileHeader.Write(file);
        RecordHeader.Write(record);

        var read = LogFileHeader.TryRead(file, LogContent.Timeline, out var fault).ShouldNotBeNull(fault);
        (read with { InterviewIdHash = FileHeader.InterviewIdHash }).ShouldBe(FileHeader);
        read.InterviewIdHash.ToArray().ShouldBe(FileHeader.InterviewIdHash.ToArray());
        LogRecordHeader.TryRead(record, out var readRecord).ShouldBeTrue();
        readRecord.ShouldBe(RecordHeader);
    }

    [Fact]
    public void Any_flipped_bit_of_a_header_is_found()
    {
        var file = new byte[LogFileHeader.SizeInBytes];
        var record = new byte[LogRecordHeader.SizeInBytes];
        FileHeader.Write(file);
        RecordHeader.Write(record);

        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            LogFileHeader.TryRead(file, LogContent.Timeline, out var fault).ShouldBeNull($"bit {bit}");
            fault.ShouldNotBeNull();
            file[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (var bit = 0; bit < record.Length * 8; bit++)
        {
            record[bit / 8] ^= (byte)(1 << (bit % 8));
            LogRecordHeader.TryRead(record, out _).ShouldBeFalse($"bit {bit}");
            record[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_header_of_another_content_is_named()
    {
        var bytes = new byte[LogFileHeader.SizeInBytes];
        FileHeader.Write(bytes);

        LogFileHeader.TryRead(bytes, LogContent.Recording, out var fault).ShouldBeNull();
        fault.ShouldBe("it is not a recording");
        LogFileHeader.TryRead(bytes.AsSpan(0, 63), LogContent.Timeline, out fault).ShouldBeNull();
        fault.ShouldNotBeNull().ShouldContain("63 bytes");
    }

    [Theory]
    [InlineData(LogRecordHeader.TagBytes - 1)]
    [InlineData(LogRecordHeader.MaxBodyBytes + 1)]
    [InlineData(-1)]
    public void An_impossible_length_is_refused_though_its_checksum_fits(int length)
    {
        var bytes = new byte[LogRecordHeader.SizeInBytes];
        (RecordHeader with { BodyLength = length }).Write(bytes);

        LogRecordHeader.TryRead(bytes, out _).ShouldBeFalse();
    }
}
