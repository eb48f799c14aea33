namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>What a terminal says of one command.</summary>
/// <param name="Id">As it came; ours are decimal.</param>
/// <param name="Return">Null where it is missing or no number: then the command is not over.</param>
/// <param name="Command">The terminal's echo, a hint only.</param>
/// <param name="Content">What stands behind: lines of parameters, a file. Part of the request's body.</param>
internal readonly record struct CommandResult(string Id, int? Return, string Command, ReadOnlyMemory<byte> Content);
