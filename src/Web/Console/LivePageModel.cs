namespace MediaScore.Web.Console;

/// <summary>What the live view needs before its events come: which language it speaks.</summary>
public sealed record LivePageModel(string Language);
