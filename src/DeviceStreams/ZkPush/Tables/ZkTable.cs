namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>What a body or a line holds, whatever the dialect calls it.</summary>
internal enum ZkTable
{
    /// <summary>Not heard of: acknowledged, and shown to a person.</summary>
    Unknown,

    /// <summary>Known, of no use here: acknowledged and forgotten.</summary>
    Ignored,

    Attendance,

    /// <summary>Mixed lines, each with its kind in front.</summary>
    Operation,

    User,

    Template,

    /// <summary>Faces to compare with.</summary>
    FacePicture,

    /// <summary>Portraits for the eye.</summary>
    Portrait,

    IdentityCard,

    Error,

    AccessEvent,

    /// <summary>The same record, but a terminal asks whether it may open: nothing has happened yet.</summary>
    AccessQuestion,

    DoorState,

    EventPhoto,
}
