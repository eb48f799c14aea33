using MediaScore.Inference.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference.Catalog;

/// <summary>Checks prepared models: hashes, operator set, signature, and the golden input's answer.</summary>
public static class ModelVerifier
{
    /// <param name="models">Where the models lie; looked at again, whatever was checked before.</param>
    /// <param name="ids">Models to check; empty for all of the catalog.</param>
    /// <param name="progress">Told each result as it is known.</param>
    /// <returns>One result a model, in the catalog's order; never throws for a bad model.</returns>
    /// <exception cref="ModelUnavailableException">An id is not in the catalog (before anything is done).</exception>
    public static async Task<IReadOnlyList<ModelVerification>> VerifyAsync(
        PreparedModels models, IReadOnlyCollection<string> ids, IProgress<ModelVerification>? progress = null, CancellationToken cancellationToken = default)
    {
        foreach (var id in ids)
            models.Catalog.Get(id);
        var results = new List<ModelVerification>();
        foreach (var model in models.Catalog.Models.Where(model => ids.Count == 0 || ids.Contains(model.Id)))
        {
            // Hashing and inference are plain loops: they run on the thread pool, not on the caller's thread.
            var result = await Task.Run(() => Verify(models, model), cancellationToken);
            results.Add(result);
            progress?.Report(result);
        }

        return results;
    }

    private static ModelVerification Verify(PreparedModels models, ModelDescription model)
    {
        string? version = null;
        try
        {
            var prepared = models.Check(model.Id);
            version = prepared.Version;
            var cure = prepared.IsOverride ? $"Correct or remove Models:Overrides:{model.Id}" : $"{PreparedFolder.Cure}, or use the catalog that came with the program";
            var (runs, difference) = (0, 0.0);
            foreach (var file in model.Files.Where(GraphFile.Is))
            {
                var opset = OnnxHeader.ReadOpset(prepared.PathOf(file));
                if (!prepared.IsOverride && opset != model.Opset)
                    throw new ModelUnavailableException(model.Id, ModelProblem.WrongOpset, $"{prepared.PathOf(file)} uses operator set {opset}, the catalog says {model.Opset}", cure);
                using var session = GoldenCheck.Load(prepared.PathOf(file));
                CheckSignature(model, file, prepared.PathOf(file), session, cure);
                // Nobody knows the right answer of a file that the user brought.
                foreach (var golden in model.Golden.Where(golden => golden.File == file && !prepared.IsOverride))
                {
                    difference = Math.Max(difference, CheckAnswer(model, golden, prepared.PathOf(file), session, cure));
                    runs++;
                }
            }

            return new ModelVerification(model.Id, version, runs, difference, null);
        }
        catch (ModelUnavailableException problem)
        {
            return new ModelVerification(model.Id, version, 0, 0, problem);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or KeyNotFoundException)
        {
            return new ModelVerification(
                model.Id, version, 0, 0,
                new ModelUnavailableException(model.Id, ModelProblem.WrongSignature, $"the graph does not run ({exception.Message.Trim().TrimEnd('.')})", PreparedFolder.Cure, exception));
        }
    }

    private static void CheckSignature(ModelDescription model, string file, string path, InferenceSession session, string cure)
    {
        if (!model.Graphs.TryGetValue(file, out var signature))
            return;
        var differences = SignatureCheck.Compare(signature, session);
        if (differences.Count > 0)
            throw new ModelUnavailableException(model.Id, ModelProblem.WrongSignature, $"{path}: {string.Join("; ", differences)}", cure);
    }

    private static double CheckAnswer(ModelDescription model, GoldenRun golden, string path, InferenceSession session, string cure)
    {
        var largest = 0.0;
        foreach (var (name, actual) in GoldenCheck.Measure(session, golden.Inputs, [.. golden.Outputs.Keys], 0))
        {
            var expected = golden.Outputs[name];
            var difference = GoldenCheck.Compare(expected, actual);
            if (!(difference <= expected.Tolerance))
            {
                throw new ModelUnavailableException(
                    model.Id, ModelProblem.WrongAnswer,
                    $"{path}: output '{name}' differs from the known answer by {difference:0.##e+0} of its root mean square, {expected.Tolerance:0.##e+0} is allowed", cure);
            }

            largest = Math.Max(largest, difference);
        }

        return largest;
    }
}

/// <summary>What the check of one model found.</summary>
/// <param name="ModelId">Catalog id.</param>
/// <param name="Version">As in <see cref="PreparedModel.Version"/>; null where the files themselves are unusable.</param>
/// <param name="GoldenRuns">Known answers that were compared; 0 for resources and for files of the user's own, whose answers nobody knows.</param>
/// <param name="LargestDifference">Largest difference from a known answer, as a share of that output's root mean square.</param>
/// <param name="Problem">Null where all is well.</param>
public sealed record ModelVerification(string ModelId, string? Version, int GoldenRuns, double LargestDifference, ModelUnavailableException? Problem);
