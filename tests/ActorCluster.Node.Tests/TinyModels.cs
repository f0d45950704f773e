using System.Text.Json.Nodes;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using ActorCluster.Tests.Shared;

namespace ActorCluster.Node.Tests;

/// <summary>Small random BEiT, WavLM and fusion checkpoints in their published formats, and pipelines of them.</summary>
internal static class TinyModels
{
    private const int Window = 16;
    private const int Width = 64;

    /// <summary>Writes a BEiT, a WavLM and a fusion network into a folder of models.</summary>
    public static void Write(string folder)
    {
        TinyCheckpoints.WriteBeit(Path.Combine(folder, "tiny-beit"), new TinyBeitSizes(), seed: 1);
        TinyCheckpoints.WriteWavLm(Path.Combine(folder, "tiny-wavlm"), new TinyWavLmSizes(), seed: 2);
        WriteFusion(folder, "tiny-fusion", seed: 3);
    }

    /// <summary>Writes a fusion network of the encoders in a folder.</summary>
    public static void WriteFusion(string folder, string name, int seed)
    {
        TorchRuntime.Load();
        using var network = new FusionNetwork(
            new FusionConfig
            {
                HiddenSize = 32,
                Layers = 1,
                Heads = 4,
                FeedForwardSize = 64,
                WindowLength = Window,
                VisualWidth = Width,
                AudioWidth = Width,
                Prior = [0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125],
                VisualEncoder = Encoder(folder, "tiny-beit"),
                AudioEncoder = Encoder(folder, "tiny-wavlm"),
            },
            seed);
        FusionCheckpoint.Save(Path.Combine(folder, name), network);
    }

    /// <summary>A pipeline of the models in a folder, with chunks and segments so short that clips of seconds have several; without fusion it computes features only.</summary>
    public static string Pipeline(Sandbox sandbox, string name = "tiny", string? fusion = "tiny-fusion", string faces = "detect", string precision = "float32") =>
        sandbox.Pipeline(name, pipeline =>
        {
            pipeline["chunkSeconds"] = 1;
            if (faces != "detect")
            {
                pipeline["faces"] = new JsonObject { ["source"] = faces };
            }

            pipeline["visual"] = new JsonObject { ["kind"] = "beit", ["model"] = "tiny-beit", ["batch"] = 4, ["precision"] = precision };
            pipeline["audio"]!["encoder"] = new JsonObject
            {
                ["kind"] = "wavlm", ["model"] = "tiny-wavlm", ["batch"] = 2, ["precision"] = precision,
                ["segmentSeconds"] = 1, ["contextSeconds"] = 0.5, ["poolingSeconds"] = 0.5,
            };
            if (fusion is not null)
            {
                pipeline["fusion"] = new JsonObject { ["checkpoint"] = fusion, ["batch"] = 4 };
            }

            pipeline["windows"] = new JsonObject { ["length"] = Window, ["stride"] = Window / 2 };
        });

    private static TrainedEncoder Encoder(string folder, string name) => new(name, CheckpointHash.Of(Path.Combine(folder, name)));
}
