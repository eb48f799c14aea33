namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>In which letters a terminal writes names.</summary>
internal enum ZkEncoding
{
    /// <summary>UTF-8 where it is valid, else GBK where that is.</summary>
    ByValidity,

    /// <summary>The terminal's menu is Chinese: UTF-8 only where three bytes make a letter, which no GBK text looks like by chance; else GBK.</summary>
    Chinese,

    /// <summary>A setting says GBK.</summary>
    Gbk,
}
