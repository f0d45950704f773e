using SkiaSharp;

namespace ActorCluster.Training.SampleData;

/// <summary>Renders a video's pictures, in order.</summary>
internal sealed class SceneRenderer : IDisposable
{
    private const double BlinkSeconds = 0.22;

    private readonly VideoPlan _plan;
    private readonly Speaker _speaker;
    private readonly SKBitmap _bitmap;
    private readonly SKCanvas _canvas;
    private readonly Brush _brush = new();
    private readonly HeadPainter _head;
    private readonly Backdrop _backdrop;
    private readonly Sensor _sensor;
    private readonly HeadMotion _motion;
    private readonly SKPaint? _blur;
    private readonly SKPoint _light;
    private readonly SKColor _cover;
    private readonly List<double> _blinks = [];

    /// <summary>Prepares a video.</summary>
    /// <param name="plan">The video.</param>
    /// <param name="speaker">Who is to be seen.</param>
    /// <param name="random">What the plan leaves open: place, camera, movement.</param>
    public SceneRenderer(VideoPlan plan, Speaker speaker, SeededRandom random)
    {
        (_plan, _speaker) = (plan, speaker);
        _bitmap = new SKBitmap(new SKImageInfo(plan.Width, plan.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        _canvas = new SKCanvas(_bitmap);
        _head = new HeadPainter(speaker, _brush);
        _backdrop = new Backdrop(random, plan.Width, plan.Height, _brush);
        _sensor = new Sensor(random);
        _motion = new HeadMotion(random, plan.Width, plan.Height);
        _light = new SKPoint((float)random.Uniform(-1, 1), (float)random.Uniform(-1, 0.2));
        _cover = new SKColor((byte)random.Uniform(30, 220), (byte)random.Uniform(30, 220), (byte)random.Uniform(30, 220));
        if (random.Chance(0.6))
        {
            var sigma = (float)random.Uniform(0.3, 0.8);
            _blur = new SKPaint { ImageFilter = SKImageFilter.CreateBlur(sigma, sigma) };
        }

        for (var at = random.Uniform(0.5, 3); at < plan.Seconds; at += random.Uniform(1.8, 5))
        {
            _blinks.Add(at);
        }
    }

    /// <summary>The picture that was rendered last, [height, width, 4].</summary>
    public ReadOnlySpan<byte> Pixels => _bitmap.GetPixelSpan();

    /// <summary>The bitmap that was rendered last.</summary>
    public SKBitmap Bitmap => _bitmap;

    /// <summary>Where the head is in a frame.</summary>
    public HeadPose PoseAt(int frame) => _motion.At(_plan.TimeOf(frame));

    /// <summary>Renders a frame. Frames are rendered in order: noise goes on from frame to frame.</summary>
    public void Render(int frame)
    {
        var seconds = _plan.TimeOf(frame);
        if (_blur is not null)
        {
            _canvas.SaveLayer(_blur);
        }

        _backdrop.Paint(_canvas, seconds);
        var pose = _motion.At(seconds);
        switch (_plan.AbsenceAt(frame))
        {
            case AbsenceKind.OutOfFrame:
                break;
            case AbsenceKind.TurnedAway:
                _head.Back(_canvas, pose);
                break;
            case AbsenceKind.Covered:
                _head.Back(_canvas, pose);
                Cover(pose);
                break;
            default:
                _head.Front(_canvas, FaceAt(seconds, pose));
                break;
        }

        if (_blur is not null)
        {
            _canvas.Restore();
        }

        _canvas.Flush();
        _sensor.Expose(_bitmap.GetPixelSpan(), _plan.Width, seconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _blur?.ImageFilter?.Dispose();
        _blur?.Dispose();
        _brush.Dispose();
        _canvas.Dispose();
        _bitmap.Dispose();
    }

    private FaceState FaceAt(double seconds, HeadPose pose)
    {
        var look = EpisodeBlend.OfLook(_plan.Episodes, seconds);
        var action = _speaker.Rest
            .Plus(FaceAction.Of(ExpressionCues.Looks[(int)look.From.Expression]), _speaker.Expressiveness * (1 - look.Weight) * look.From.LookIntensity)
            .Plus(FaceAction.Of(ExpressionCues.Looks[(int)look.To.Expression]), _speaker.Expressiveness * look.Weight * look.To.LookIntensity);
        var speech = _plan.Syllables.Sum(s => s.OpeningAt(seconds));
        var blink = _blinks.Max(at => Math.Max(0, 1 - (Math.Abs(seconds - at) / (BlinkSeconds / 2))));
        return new FaceState(pose, action, speech, blink, _motion.GazeAt(seconds), _light);
    }

    private void Cover(HeadPose pose)
    {
        var (x, y, u) = ((float)pose.X, (float)pose.Y, (float)pose.Unit);
        _brush.Box(_canvas, new SKRect(x - (1.3f * u), y - (1.25f * u), x + (1.35f * u), y + (1.6f * u)), 0.15 * u, _cover);
        _brush.Box(_canvas, new SKRect(x - (1.0f * u), y - (0.9f * u), x + (1.0f * u), y - (0.6f * u)), 2, Brush.Shade(_cover, 0.8));
        _brush.Ellipse(_canvas, new SKPoint(x + (1.2f * u), y + (0.9f * u)), 0.28 * u, 0.5 * u, Brush.Shade(_speaker.Skin, 0.9));
    }
}
