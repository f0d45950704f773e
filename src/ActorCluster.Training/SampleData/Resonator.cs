namespace ActorCluster.Training.SampleData;

/// <summary>A digital resonator with unit gain at 0 Hz, one formant of a cascade synthesiser (Klatt 1980, equation 2).</summary>
internal struct Resonator
{
    private double _a;
    private double _b;
    private double _c;
    private double _y1;
    private double _y2;

    /// <summary>Moves the formant; what rings on is kept.</summary>
    /// <param name="hertz">Its centre.</param>
    /// <param name="bandwidth">Its bandwidth in Hz.</param>
    /// <param name="sampleRate">Samples a second.</param>
    public void Tune(double hertz, double bandwidth, double sampleRate)
    {
        var radius = Math.Exp(-Math.PI * bandwidth / sampleRate);
        _c = -radius * radius;
        _b = 2 * radius * Math.Cos(2 * Math.PI * hertz / sampleRate);
        _a = 1 - _b - _c;
    }

    /// <summary>Filters a sample.</summary>
    public double Next(double x)
    {
        var y = (_a * x) + (_b * _y1) + (_c * _y2);
        (_y1, _y2) = (y, _y1);
        return y;
    }
}
