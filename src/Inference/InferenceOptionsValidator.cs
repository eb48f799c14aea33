using Microsoft.Extensions.Options;

namespace MediaScore.Inference;

/// <summary>Checks every bound at start and reports all errors at once.</summary>
[OptionsValidator]
public sealed partial class InferenceOptionsValidator : IValidateOptions<InferenceOptions>;
