namespace MediaScore.Web.Console;

/// <summary>What the page of doors and devices needs before its data come.</summary>
/// <param name="Language"><c>en</c> or <c>zh</c>.</param>
/// <param name="ApiPath">Where the console's interface lies: <c>/console/api</c>.</param>
public sealed record DevicesPageModel(string Language, string ApiPath);
