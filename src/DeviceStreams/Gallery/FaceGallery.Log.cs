using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Gallery;

public sealed partial class FaceGallery
{
    private void LogContent(GalleryContent content)
    {
        LogLoaded(_logger, content.TemplateCount, content.PersonCount);
        if (content.OtherModelCount > 0)
            LogOtherModel(_logger, content.OtherModelCount, _model?.Id ?? "no embedder");
        if (content.UnreadableCount > 0)
            LogUnreadable(_logger, content.UnreadableCount);
        if (content.NoRoomCount > 0)
            LogNoRoom(_logger, content.NoRoomCount, _options.MaxTemplates);
    }

    private void LogTakenOver(int addedCount, int erasedCount) => LogTakenOver(_logger, addedCount, erasedCount);

    [LoggerMessage(1, LogLevel.Information, "The gallery holds {TemplateCount} templates of {PersonCount} people")]
    private static partial void LogLoaded(ILogger logger, int templateCount, int personCount);

    [LoggerMessage(2, LogLevel.Warning, "{Count} templates are of another model than {Model} and are not used: enrol these people again, or put their model back")]
    private static partial void LogOtherModel(ILogger logger, int count, string model);

    [LoggerMessage(3, LogLevel.Error, "{Count} templates cannot be opened: the tenant's key is another one, or they were altered")]
    private static partial void LogUnreadable(ILogger logger, int count);

    [LoggerMessage(4, LogLevel.Warning, "{Count} templates found no room: Gallery:MaxTemplates is {Most}")]
    private static partial void LogNoRoom(ILogger logger, int count, int most);

    [LoggerMessage(5, LogLevel.Information, "Another process changed people: {AddedCount} templates to read, {ErasedCount} overwritten")]
    private static partial void LogTakenOver(ILogger logger, int addedCount, int erasedCount);
}
