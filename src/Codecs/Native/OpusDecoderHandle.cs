using Microsoft.Win32.SafeHandles;

namespace MediaScore.Codecs.Native;

/// <summary>Owns one libopus decoder; the runtime frees it even where its holder forgot.</summary>
internal sealed class OpusDecoderHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public OpusDecoderHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        LibOpus.DestroyDecoder(handle);
        return true;
    }
}
