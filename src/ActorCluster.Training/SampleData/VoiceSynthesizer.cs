using ActorCluster.Media;

namespace ActorCluster.Training.SampleData;

/// <summary>
/// Speaks made-up syllables: a source of glottal pulses and breath noise through a cascade of four formants (source-filter synthesis, Klatt 1980).
/// </summary>
internal sealed class VoiceSynthesizer
{
    /// <summary>The number of vowels.</summary>
    public const int Vowels = 6;

    private const int Rate = AudioReader.SampleRate;
    private const int ControlSamples = 80; // 5 ms between new formants, pitch and loudness.
    private const double Loudness = 0.3;

    // First two formants of an average male speaker in Hz (Peterson and Barney 1952) and the opening of the mouth: a, e, i, o, u, schwa.
    private static readonly (double First, double Second, double Opening)[] Table =
        [(730, 1090, 1.0), (530, 1840, 0.6), (270, 2290, 0.3), (570, 840, 0.7), (300, 870, 0.3), (500, 1500, 0.45)];

    private readonly VideoPlan _plan;
    private readonly VoiceTimbre _timbre;
    private readonly SeededRandom _random;
    private readonly double _noiseFloor;
    private readonly Resonator[] _formants = new Resonator[4];
    private double _phase;
    private double _period = 1;
    private double _pulseGain = 1;
    private bool _oddPulse;
    private double _low;
    private double _hissBefore;
    private double _voiceBefore;

    /// <summary>Prepares a video's voice.</summary>
    /// <param name="plan">The video.</param>
    /// <param name="timbre">The speaker's voice.</param>
    /// <param name="random">Noise.</param>
    public VoiceSynthesizer(VideoPlan plan, VoiceTimbre timbre, SeededRandom random)
    {
        _plan = plan;
        _timbre = timbre;
        _random = random;
        _noiseFloor = Math.Pow(10, random.Uniform(-80, -56) / 20);
    }

    /// <summary>How far a vowel opens the mouth, 0 to 1.</summary>
    public static double OpeningOf(int vowel) => Table[vowel].Opening;

    /// <summary>The whole sound of the video, mono, -1 to 1, <see cref="AudioReader.SampleRate"/> samples a second.</summary>
    public float[] Speak()
    {
        var samples = new float[(int)Math.Round(_plan.Seconds * Rate)];
        var next = 0;
        for (var start = 0; start < samples.Length; start += ControlSamples)
        {
            var seconds = (double)start / Rate;
            while (next < _plan.Syllables.Length && _plan.Syllables[next].End <= seconds)
            {
                next++;
            }

            Syllable? syllable = next < _plan.Syllables.Length && _plan.Syllables[next].Start <= seconds ? _plan.Syllables[next] : null;
            Fill(samples.AsSpan(start, Math.Min(ControlSamples, samples.Length - start)), seconds, syllable);
        }

        return samples;
    }

    private void Fill(Span<float> samples, double seconds, Syllable? syllable)
    {
        var style = VoiceStyle.At(_plan.Episodes, seconds);
        var (voiced, hiss, pitch) = (0.0, 0.0, _timbre.Pitch);
        if (syllable is { } s)
        {
            var at = (seconds - s.Start) / s.Seconds;
            var onset = s.Hiss ? 0.22 : 0.04;
            voiced = s.Stress * Math.Clamp((at - (onset / 2)) / onset, 0, 1) * Math.Clamp((1 - at) / 0.25, 0, 1);
            hiss = s.Hiss && at < onset ? Math.Sin(Math.PI * at / onset) : 0;
            var semitones = (style.ContourSemitones * (s.PhrasePosition - 0.5)) + (style.RangeSemitones * Math.Sin(Math.PI * at) * (s.Stress - 0.75) * 3);
            pitch *= style.Pitch * Math.Pow(2, semitones / 12);
            var vowel = Table[s.Vowel];
            _formants[0].Tune(vowel.First * _timbre.FormantScale, 80, Rate);
            _formants[1].Tune(vowel.Second * _timbre.FormantScale, 100, Rate);
            _formants[2].Tune(2500 * _timbre.FormantScale, 140, Rate);
            _formants[3].Tune(3500 * _timbre.FormantScale, 220, Rate);
        }

        var gain = Loudness * _timbre.Gain * Math.Pow(10, style.GainDecibels / 20);
        var breath = Math.Min(0.85, _timbre.Breath + style.Breath);
        var tilt = 1 - Math.Exp(-2 * Math.PI * Math.Min(_timbre.TiltHertz * style.Brightness, 6500) / Rate);
        for (var i = 0; i < samples.Length; i++)
        {
            var noise = (2 * _random.Uniform()) - 1;
            var source = ((1 - breath) * Pulse(pitch, style)) + (breath * 0.5 * noise);
            _low += tilt * (source - _low);
            var y = voiced * _low;
            for (var f = 0; f < _formants.Length; f++)
            {
                y = _formants[f].Next(y);
            }

            var voice = y - (0.8 * _voiceBefore); // Lips radiate high frequencies better.
            _voiceBefore = y;
            var sharp = noise - _hissBefore; // A difference leaves the high half of the noise.
            _hissBefore = noise;

            // A harmonic on a formant can be loud: it is bent, as a microphone's amplifier does, not cut.
            samples[i] = (float)(0.95 * Math.Tanh((gain * (voice + (0.08 * hiss * sharp))) + (_noiseFloor * noise)));
        }
    }

    /// <summary>The derivative of the glottal flow: it swells for 60 % of a period, falls sharply as the folds close, and rests.</summary>
    private double Pulse(double pitch, VoiceStyle style)
    {
        const double Open = 0.6;
        _phase += pitch / (Rate * _period);
        if (_phase >= 1)
        {
            _phase -= 1;
            _oddPulse = !_oddPulse;
            var wobble = style.Roughness * _random.Gaussian();
            _period = Math.Clamp(1 + wobble, 0.6, 1.5) * (_oddPulse ? 1 + (0.2 * style.Creak) : 1);
            _pulseGain = Math.Clamp(1 + (2.5 * wobble), 0.2, 1.8) * (_oddPulse ? 1 - style.Creak : 1);
        }

        var x = _phase / Open;
        return x < 1 ? _pulseGain * ((2 * x) - (3 * x * x)) : 0; // The derivative of Rosenberg's x^2 - x^3.
    }
}
