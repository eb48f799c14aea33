namespace MediaScore.Perception.Vision;

/// <summary>What most keeps a face from being recognised.</summary>
public enum FaceFault { None, TooFar, AtEdge, Dark, Overexposed, Blurred, TurnedAway }
