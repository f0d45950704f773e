using SkiaSharp;

namespace ActorCluster.Training.SampleData;

/// <summary>How a head moves and the eyes wander, whatever is expressed.</summary>
internal sealed class HeadMotion
{
    private readonly double _centreX;
    private readonly double _centreY;
    private readonly double _unit;
    private readonly double _tilt;
    private readonly Drift _x;
    private readonly Drift _y;
    private readonly Drift _scale;
    private readonly Drift _roll;
    private readonly Drift _yaw;
    private readonly Drift _pitch;
    private readonly Drift _gazeX;
    private readonly Drift _gazeY;

    /// <summary>Draws a movement inside of a frame.</summary>
    public HeadMotion(SeededRandom random, int width, int height)
    {
        _centreX = width * random.Uniform(0.44, 0.56);
        _centreY = height * random.Uniform(0.47, 0.52);
        _unit = height * random.Uniform(0.26, 0.31);
        _tilt = random.Uniform(-4, 4);
        _x = new Drift(random, 0.07 * width, 0.12);
        _y = new Drift(random, 0.035 * height, 0.2);
        _scale = new Drift(random, 0.06, 0.1);
        _roll = new Drift(random, 8, 0.18);
        _yaw = new Drift(random, 0.3, 0.16);
        _pitch = new Drift(random, 0.14, 0.22);
        _gazeX = new Drift(random, 1, 0.4);
        _gazeY = new Drift(random, 0.7, 0.35);
    }

    /// <summary>Where the head is.</summary>
    public HeadPose At(double seconds) => new(
        _centreX + _x.At(seconds), _centreY + _y.At(seconds), _unit * (1 + _scale.At(seconds)), _tilt + _roll.At(seconds), _yaw.At(seconds), _pitch.At(seconds));

    /// <summary>Where the eyes look, each way -1 to 1.</summary>
    public SKPoint GazeAt(double seconds) => new((float)_gazeX.At(seconds), (float)_gazeY.At(seconds));
}
