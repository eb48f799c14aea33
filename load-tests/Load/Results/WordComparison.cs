namespace MediaScore.Load.Results;

/// <summary>Whether the load has changed what was heard: sentence by sentence of each speaker, against a run with one interview.</summary>
/// <param name="Against">Folder of that run, as it was named.</param>
/// <param name="Sentences">Whole utterances that the other run has heard too.</param>
/// <param name="SentencesChanged">Those with another word than in any reading of it there.</param>
/// <param name="Words">Words of the other run's readings.</param>
/// <param name="WordsChanged">Words that were written otherwise, are missing or added.</param>
/// <param name="ReferenceVaries">Sentences that the other run itself has heard in more than one way: the noise of one stream.</param>
internal sealed record WordComparison(string Against, int Sentences, int SentencesChanged, int Words, int WordsChanged, int ReferenceVaries);
