namespace ActorCluster.Training.SampleData;

/// <summary>A slow random movement around 0: three sines of unrelated frequencies.</summary>
internal readonly struct Drift
{
    private readonly double _amplitude;
    private readonly double _hertz;
    private readonly double _phase1;
    private readonly double _phase2;
    private readonly double _phase3;

    /// <summary>Draws a movement.</summary>
    /// <param name="random">Where its phases come from.</param>
    /// <param name="amplitude">The farthest it goes.</param>
    /// <param name="hertz">Its lowest frequency.</param>
    public Drift(SeededRandom random, double amplitude, double hertz)
    {
        _amplitude = amplitude;
        _hertz = hertz * random.Uniform(0.8, 1.25);
        _phase1 = random.Uniform(0, 2 * Math.PI);
        _phase2 = random.Uniform(0, 2 * Math.PI);
        _phase3 = random.Uniform(0, 2 * Math.PI);
    }

    /// <summary>Where it is.</summary>
    /// <param name="seconds">The time.</param>
    public double At(double seconds)
    {
        var turn = 2 * Math.PI * _hertz * seconds;
        return _amplitude * ((0.55 * Math.Sin(turn + _phase1)) + (0.3 * Math.Sin((turn * 1.73) + _phase2)) + (0.15 * Math.Sin((turn * 3.19) + _phase3)));
    }
}
