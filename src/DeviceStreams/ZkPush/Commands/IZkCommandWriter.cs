using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <summary>Commands in the words of one dialect. Arguments are checked already; what a dialect has no words for is a command with a fault.</summary>
internal interface IZkCommandWriter
{
    ZkCommand Enrol(EnrolArguments arguments);

    ZkCommand Delete(string personNumber);

    ZkCommand DeleteFace(string personNumber);

    ZkCommand User(ZkUserArguments arguments);

    ZkCommand Photo(string personNumber, byte[] jpeg);

    ZkCommand SetTime(ZkCommandContext context);

    ZkCommand FetchLogs(FetchLogsArguments arguments, ZkCommandContext context);

    ZkCommand OpenDoor(ZkOpenDoorArguments arguments);

    ZkCommand Reboot();

    ZkCommand SetOptions(ZkOptionsArguments arguments);

    ZkCommand ReadOptions(ZkReadOptionsArguments arguments);

    ZkCommand Query(ZkQueryArguments arguments);

    ZkCommand Check();

    ZkCommand UploadLog();

    ZkCommand Info();

    ZkCommand Clear(ZkClearArguments arguments);
}
