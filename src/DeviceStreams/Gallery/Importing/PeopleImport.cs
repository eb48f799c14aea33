using System.Runtime.CompilerServices;
using MediaScore.Inference;
using MediaScore.Storage.People;

namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>
/// Brings a table of people and their photos in. A bad row is told and the rest goes on; running it again changes nothing. Who decided what is the same as row by row by hand, since photos are
/// only looked at ahead: what they mean is decided in the order of the rows.
/// </summary>
public sealed class PeopleImport(PeopleDirectory directory, PersonStore people, Enrolment enrolment)
{
    // One for each core, and one that is being read. Eight of the largest pictures take 1.2 GB while they are decoded: no machine is so large that all its cores should.
    private static readonly int LookAhead = Math.Min(Environment.ProcessorCount, 8) + 1;

    /// <summary>Imports row by row; what was told is on the disk.</summary>
    public async IAsyncEnumerable<ImportLine> RunAsync(string tenant, ImportSource source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var begun = new Queue<Step>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            foreach (var row in source.Rows)
            {
                begun.Enqueue(await BeginAsync(tenant, source, row, stop.Token));
                if (begun.Count >= LookAhead)
                    yield return await EndAsync(begun.Dequeue(), stop.Token);
            }

            while (begun.TryDequeue(out var step))
                yield return await EndAsync(step, stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var step in begun)
                await ((Task)step.Face).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Stores what the row says of the person, and begins to look at the photo where it may be looked at.</summary>
    private async Task<Step> BeginAsync(string tenant, ImportSource source, ImportRow row, CancellationToken cancellationToken)
    {
        if (row.Fault is not null)
            return Step.Ended(row, ImportOutcome.BadRow, row.Fault);
        var stored = await directory.SetAsync(tenant, row.Number, row.Name, cancellationToken) != StoredPerson.Unchanged;
        var person = (await people.FindAsync(tenant, row.Number, cancellationToken))!;
        if (person.ConsentGivenAt is null && ImportTable.IsConsent(row.Consent) && person.ConsentWithdrawnAt is null)
        {
            await directory.GiveConsentAsync(tenant, row.Number, ImportTable.IsBareYes(row.Consent) ? $"{source.TableName}, line {row.Line}" : row.Consent, cancellationToken);
            (person, stored) = ((await people.FindAsync(tenant, row.Number, cancellationToken))!, true);
        }

        if (person.ConsentGivenAt is null)
            return Step.Ended(row, ImportOutcome.NoConsent, WhyNoConsent(person, row));
        if (row.Photo.Length == 0)
            return Step.Ended(row, stored ? ImportOutcome.Stored : ImportOutcome.Unchanged, "");
        // Consent that an older import recorded stands until it is withdrawn; but a row that says "no" enrols nothing more.
        if (!ImportTable.IsConsent(row.Consent))
            return Step.Ended(row, ImportOutcome.NoConsent, "this row records no consent; the photo was not opened. What was enrolled before stays until the consent is withdrawn");
        var photo = source.ReadPhoto(row.Photo, out var fault);
        return photo is null
            ? Step.Ended(row, ImportOutcome.Refused, fault!)
            : new Step(row, person, null, Task.Run(() => enrolment.ExamineAsync(photo, RequestClass.Deferred, cancellationToken), cancellationToken), stored);
    }

    private static string WhyNoConsent(PersonRow person, ImportRow row) => person.ConsentWithdrawnAt is { } withdrawn && ImportTable.IsConsent(row.Consent)
        ? $"the consent was withdrawn on {withdrawn:yyyy-MM-dd}; a table cannot bring it back (mediascore people consent does)"
        : "no consent is recorded: known by number only, no face was enrolled";

    private async Task<ImportLine> EndAsync(Step step, CancellationToken cancellationToken)
    {
        if (step.Line is { } line)
            return line;
        var result = await enrolment.StoreAsync(step.Person!, await step.Face, Enrolment.ImportSource, step.Row.Lookalikes.Contains, cancellationToken);
        var outcome = result.Code switch
        {
            EnrolmentCode.Enrolled => ImportOutcome.Enrolled,
            EnrolmentCode.AlreadyEnrolled => step.Stored ? ImportOutcome.Stored : ImportOutcome.Unchanged,
            EnrolmentCode.NoConsent => ImportOutcome.NoConsent,
            _ => ImportOutcome.Refused,
        };
        var isWell = outcome is ImportOutcome.Enrolled or ImportOutcome.Stored or ImportOutcome.Unchanged;
        return new ImportLine(step.Row.Line, step.Row.Number, outcome, result.Code, isWell ? "" : result.Reason, result.OperatorNote);
    }

    /// <summary>One row on its way.</summary>
    /// <param name="Line">Where it has ended already.</param>
    /// <param name="Stored">Something about the person is new.</param>
    private sealed record Step(ImportRow Row, PersonRow? Person, ImportLine? Line, Task<FaceExamination> Face, bool Stored)
    {
        private static readonly Task<FaceExamination> None = Task.FromResult(new FaceExamination(null, default, 0));

        public static Step Ended(ImportRow row, ImportOutcome outcome, string reason) => new(row, null, new ImportLine(row.Line, row.Number, outcome, null, reason, ""), None, false);
    }
}
