using System.CommandLine;
using ActorCluster.Core.Faults;
using ActorCluster.Media;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;

namespace ActorCluster.Node;

/// <summary>The command line of <c>actorcluster models</c>.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Folder of a BEiT, WavLM or fusion checkpoint." };
        var device = DeviceOption.Create();
        var verify = new Command("verify", "Load a checkpoint, say what it is, and run one forward pass.") { folder, device };
        verify.SetAction(parsed => Verify(parsed.GetValue(folder)!, TorchDevice.Parse(parsed.GetValue(device)!)));
        return new Command("models", "Look after model checkpoints.") { verify };
    }

    private static int Verify(string folder, TorchDevice device)
    {
        try
        {
            TorchRuntime.UseThreads(Environment.ProcessorCount);
            switch (ModelType.Of(folder))
            {
                case "beit":
                    Beit(folder, device);
                    break;
                case "wavlm":
                    WavLm(folder, device);
                    break;
                case "":
                    Fusion(folder, device);
                    break;
                case var other:
                    throw new CheckpointFormatException($"{Path.Combine(folder, "config.json")}: model_type is '{other}'. This build knows beit, wavlm and its own fusion networks.");
            }

            return ExitCodes.Completed;
        }
        catch (Exception e) when (e is CheckpointFormatException or InputFaultException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"actorcluster: {e.Message}");
            return ExitCodes.EnvironmentFailure;
        }
    }

    private static void Beit(string folder, TorchDevice device)
    {
        using var encoder = BeitEncoder.Load(folder, device, EncoderPrecision.Float32, batch: 1);
        var c = encoder.Config;
        Say("BEiT", folder, $"{c.Layers} layers, width {c.HiddenSize}, {c.Heads} heads, patches of {c.PatchSize} in images of {c.ImageSize} pixels, {(c.UsesMeanPooling ? "mean" : "CLS")} pooling");
        var pooled = new float[encoder.FeatureWidth];
        encoder.Encode(new float[encoder.InputWidth], 1, pooled);
        Passed("an image of zeros", device, pooled);
    }

    private static void WavLm(string folder, TorchDevice device)
    {
        const int Second = AudioReader.SampleRate;
        using var encoder = WavLmEncoder.Load(folder, device, EncoderPrecision.Float32, batch: 1, Second);
        var c = encoder.Config;
        Say("WavLM", folder, $"{c.Layers} layers, width {c.HiddenSize}, {c.Heads} heads, {(c.StableLayerNorm ? "norms before each layer" : "norms after each layer")}, {c.Buckets} position buckets");
        var tokens = new float[encoder.TokenCount * c.HiddenSize];
        encoder.Encode(new float[Second], [Second], [], tokens);
        Passed("a second of silence", device, tokens);
    }

    private static void Fusion(string folder, TorchDevice device)
    {
        using var classifier = new FusionClassifier(FusionCheckpoint.Open(folder), device, batch: 1, threads: 1);
        var c = classifier.Config;
        Say("Fusion network", folder, $"{c.Layers} layers, width {c.HiddenSize}, {c.Heads} heads, windows of {c.WindowLength} frames; trained with {c.VisualEncoder} and {c.AudioEncoder}");
        var probabilities = new float[c.WindowLength * c.Classes.Length];
        bool[] present = [.. Enumerable.Repeat(true, c.WindowLength)];
        classifier.Classify([new FusionWindow(new Half[c.WindowLength * c.VisualWidth], new Half[c.WindowLength * c.AudioWidth], present, present)], probabilities);
        Passed("a window of zeros", device, probabilities);
    }

    private static void Say(string kind, string folder, string architecture)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var (tensors, values) = (checkpoint.Tensors.Count, checkpoint.Tensors.Values.Sum(t => t.ElementCount));
        Console.Out.WriteLine($"{kind}: {architecture}");
        Console.Out.WriteLine($"{tensors} tensors with {values:N0} values in the checkpoint; none that the model needs is missing, none is unexpected");
    }

    private static void Passed(string input, TorchDevice device, float[] values)
    {
        if (!values.All(float.IsFinite))
        {
            throw new CheckpointFormatException($"The forward pass of {input} gave values that are not finite. The weights are damaged; get them again.");
        }

        Console.Out.WriteLine($"One forward pass ({input}, {device}, {TorchRuntime.Version}): {values.Length} finite values, {values.Min():G4} to {values.Max():G4}");
    }
}
