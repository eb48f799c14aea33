namespace MediaScore.Load.Results;

/// <summary>Whether the load has changed what was heard: sentence by sentence of each speaker, against a run with less of it.</summary>
/// <remarks>
/// A sentence that begins at another moment lies otherwise in the detector's windows and Opus's frames, which changes some words in a hundred by itself. The load alone is what differs in place: the
/// same sentence at the same time of the same interview. Interviews of one seed have the same sentences whatever their number.
/// </remarks>
/// <param name="Against">Folder of that run, as it was named.</param>
/// <param name="Sentences">Whole utterances that the other run has heard too.</param>
/// <param name="SentencesChanged">Those with another word than in any reading of it there.</param>
/// <param name="Words">Words of the other run's readings.</param>
/// <param name="WordsChanged">Words that were written otherwise, are missing or added.</param>
/// <param name="ReferenceVaries">Sentences that the other run itself has heard in more than one way: the noise of one stream.</param>
/// <param name="InPlace">Sentences, of those, that the other run has in place.</param>
/// <param name="InPlaceWords">Their words there.</param>
/// <param name="InPlaceWordsChanged">Words of them that were written otherwise, are missing or added.</param>
internal sealed record WordComparison(
    string Against, int Sentences, int SentencesChanged, int Words, int WordsChanged, int ReferenceVaries, int InPlace = 0, int InPlaceWords = 0, int InPlaceWordsChanged = 0);
