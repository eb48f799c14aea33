using Google.Protobuf;

namespace MediaScore.Inference.Graphs;

/// <summary>What a graph file says before anything is loaded: the operator set, without parsing the weights.</summary>
internal static class OnnxHeader
{
    // Operator sets that ONNX Runtime 1.31 runs without a warning; GraphOpsets tests both ends.
    public const int OldestOpset = 7;
    public const int NewestOpset = 26;

    // Field numbers of ModelProto and OperatorSetIdProto (onnx.proto3).
    private const int OpsetImport = 8;
    private const int Domain = 1;
    private const int Version = 2;

    /// <returns>Version of the default operator set.</returns>
    /// <exception cref="InvalidDataException">Not an ONNX file, or it ends inside a record.</exception>
    public static int ReadOpset(string path)
    {
        using var file = File.OpenRead(path);
        using var input = new CodedInputStream(file);
        int? opset = null;
        try
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                if (WireFormat.GetTagFieldNumber(tag) != OpsetImport)
                    input.SkipLastField();
                else if (ReadOpsetImport(input.ReadBytes()) is { } version)
                    opset = version;
            }
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException($"{path} is not a whole ONNX file: {exception.Message}", exception);
        }

        return opset ?? throw new InvalidDataException($"{path} is not an ONNX file: it names no operator set.");
    }

    private static int? ReadOpsetImport(ByteString bytes)
    {
        using var input = bytes.CreateCodedInput();
        var domain = "";
        var version = 0;
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case Domain:
                    domain = input.ReadString();
                    break;
                case Version:
                    version = checked((int)input.ReadInt64());
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return domain is "" or "ai.onnx" ? version : null;
    }
}
