using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Pipelines;
using SkiaSharp;

namespace ActorCluster.Training.Tests.Encoders;

/// <summary>
/// A small labelled set on disk: real video files, whose tone tells the class of the second, and crops, whose stripes tell it too. Four of the eight classes occur. The last frames
/// of every video are silent and unlabelled, and some crops are missing.
/// </summary>
internal sealed class LabelledSet
{
    private const int Rate = 25;
    private const int SampleRate = 16_000;
    private const int Side = 48;

    public LabelledSet(string folder, int videos, int seconds, int seed)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        var random = new Random(seed);
        List<string> manifest = ["id,uri,faces,labels"];
        List<string> splits = ["id,split"];
        for (var video = 0; video < videos; video++)
        {
            var id = $"v{video}";
            var labels = Enumerable.Range(0, seconds).SelectMany(second => Enumerable.Repeat((sbyte)((second + video) % 4), Rate)).ToArray();
            labels.AsSpan(labels.Length - 5).Fill(LabelFile.Unlabelled);
            using (var stream = File.Create(Path.Combine(Folder, id + ".txt")))
            {
                LabelFile.Write(stream, labels);
            }

            WriteCrops(Path.Combine(Folder, id), labels, random);
            WriteVideo(Path.Combine(Folder, id), labels, random);
            manifest.Add($"{id},{id}.mp4,{id},{id}.txt");
            splits.Add($"{id},{(video % 4 == 3 ? "validation" : "train")}");
        }

        File.WriteAllLines(Manifest, manifest);
        File.WriteAllLines(Splits, splits);
    }

    public string Folder { get; }

    public string Manifest => Path.Combine(Folder, "manifest.csv");

    public string Splits => Path.Combine(Folder, "splits.csv");

    /// <summary>A pipeline for the set, whose models are not read.</summary>
    public static PipelineDefinition Pipeline(FaceSource source) => new(
        "test",
        ChunkSeconds: 10,
        new FrameSettings(256),
        new FaceSettings("", 0, 0, 0, 0, source),
        new VisualEncoderSettings(VisualEncoderSettings.Beit, "beit", 8),
        new AudioSettings(0.5, -60, new AudioEncoderSettings(AudioEncoderSettings.WavLm, "wavlm", 4, VisualEncoderSettings.FullPrecision, [], 2, 0.5, 0.5)),
        new HeadSettings(1, [.. Enumerable.Repeat(0.125, 8)]),
        new WindowSettings(64, 32),
        new VotingSettings(MedianOver.Probabilities, 1, 1),
        new FusionSettings("fusion", 1));

    private static void WriteCrops(string folder, sbyte[] labels, Random random)
    {
        Directory.CreateDirectory(folder);
        using var bitmap = new SKBitmap(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var frame = 0; frame < labels.Length; frame++)
        {
            if (frame % 11 == 10)
            {
                continue;
            }

            var (wavelength, across) = ((labels[frame] & 1) == 0 ? 6 : 12, (labels[frame] & 2) == 0);
            var phase = random.NextDouble() * 2 * Math.PI;
            for (var y = 0; y < Side; y++)
            {
                for (var x = 0; x < Side; x++)
                {
                    var level = 128 + (60 * Math.Sin(phase + (2 * Math.PI * (across ? x : y) / wavelength))) + (random.NextDouble() * 60) - 30;
                    bitmap.SetPixel(x, y, new SKColor((byte)level, (byte)level, 128));
                }
            }

            using var file = File.Create(Path.Combine(folder, (frame + 1).ToString("D5", CultureInfo.InvariantCulture) + ".jpg"));
            bitmap.Encode(file, SKEncodedImageFormat.Jpeg, 95);
        }
    }

    private static void WriteVideo(string path, sbyte[] labels, Random random)
    {
        var samples = new byte[44 + (labels.Length * SampleRate / Rate * sizeof(short))];
        WriteHeader(samples);
        var phase = 0.0;
        for (var i = 0; 44 + (i * 2) < samples.Length; i++)
        {
            var label = labels[i * Rate / SampleRate];

            // Two pitches, each with and without overtones.
            phase += 2 * Math.PI * ((label & 1) == 0 ? 150 : 240) / SampleRate;
            var tone = Math.Sin(phase) + ((label & 2) == 0 ? 0 : Math.Sin(2 * phase) + Math.Sin(3 * phase));
            var level = label < 0 ? 0 : (6_000 * tone) + (random.NextDouble() * 600);
            BinaryPrimitives.WriteInt16LittleEndian(samples.AsSpan(44 + (i * 2)), (short)level);
        }

        File.WriteAllBytes(path + ".wav", samples);
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardError = true, RedirectStandardInput = true };
        string[] arguments =
        [
            "-y", "-loglevel", "error", "-f", "lavfi", "-i", $"testsrc=size=96x64:rate={Rate}", "-i", path + ".wav",
            "-frames:v", $"{labels.Length}", "-pix_fmt", "yuv420p", "-threads", "1", path + ".mp4",
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }

    /// <summary>The header of a WAV file of 16-bit mono samples (RIFF).</summary>
    private static void WriteHeader(Span<byte> file)
    {
        "RIFF"u8.CopyTo(file);
        "WAVEfmt "u8.CopyTo(file[8..]);
        "data"u8.CopyTo(file[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(file[4..], file.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(file[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(file[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(file[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(file[24..], SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(file[28..], SampleRate * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(file[32..], sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(file[34..], 16);
        BinaryPrimitives.WriteInt32LittleEndian(file[40..], file.Length - 44);
    }
}
