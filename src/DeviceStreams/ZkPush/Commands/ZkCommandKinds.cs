namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <summary>Commands that only ZKTeco terminals know, beside <c>CommandKinds</c>. The arguments of each are the record of the same name in <c>ZkCommandArguments.cs</c>.</summary>
public static class ZkCommandKinds
{
    /// <summary>Add or change a person. The whole record: what is left out is emptied at the terminal.</summary>
    public const string User = "zk-user";

    /// <summary>Send the picture that faces are compared with. Refused without consent.</summary>
    public const string Photo = "zk-photo";

    /// <summary>Forget a person's face, and keep the person.</summary>
    public const string DeleteFace = "zk-delete-face";

    public const string Reboot = "reboot";

    /// <summary>Set parameters.</summary>
    public const string Options = "zk-options";

    /// <summary>Say parameters.</summary>
    public const string ReadOptions = "zk-read-options";

    /// <summary>Send people, faces or the log.</summary>
    public const string Query = "zk-query";

    /// <summary>Attendance only: read the options again and send what is new.</summary>
    public const string Check = "zk-check";

    /// <summary>Send what is new now.</summary>
    public const string UploadLog = "zk-upload-log";

    /// <summary>Say counts, firmware, address.</summary>
    public const string Info = "zk-info";

    /// <summary>Erase at the terminal; records that were not sent yet are lost.</summary>
    public const string Clear = "zk-clear";
}
