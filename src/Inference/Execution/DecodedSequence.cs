namespace MediaScore.Inference;

/// <summary>Answer of an <see cref="AutoregressiveDecoder"/> to one sequence, chosen greedily.</summary>
/// <param name="Tokens">Without start and end mark.</param>
/// <param name="LogProbabilities">Natural logs, one a token and one more for the end mark where the model set it.</param>
/// <param name="HitTokenLimit">The limit ended the sequence, not the model.</param>
public sealed record DecodedSequence(IReadOnlyList<int> Tokens, IReadOnlyList<float> LogProbabilities, bool HitTokenLimit);
