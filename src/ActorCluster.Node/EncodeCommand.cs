using System.CommandLine;
using ActorCluster.Core.Pipelines;
using ActorCluster.Models.Torch;

namespace ActorCluster.Node;

/// <summary>The command line of <c>actorcluster encode</c>: one encoder over given tensors, pictures or sounds.</summary>
internal static class EncodeCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Folder of a BEiT or WavLM checkpoint in Hugging Face's format.", Required = true, HelpName = "folder" };
        var input = new Option<string[]>("--input")
        {
            Description = "A .safetensors file with input.pixel_values, or input.input_values and perhaps input.attention_mask; or pictures (.jpg, .png); or one sound file.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
            HelpName = "file",
        };
        var output = new Option<string>("--output") { Description = "The .safetensors file to write, with every output.* tensor.", Required = true, HelpName = "file" };
        var device = DeviceOption.Create();
        var dtype = new Option<string>("--dtype") { Description = "Arithmetic of the matrix products.", DefaultValueFactory = _ => VisualEncoderSettings.FullPrecision };
        dtype.AcceptOnlyFromAmong(VisualEncoderSettings.FullPrecision, VisualEncoderSettings.ReducedPrecision);
        var batch = new Option<int>("--batch") { Description = "Rows of every forward pass.", DefaultValueFactory = _ => 8, HelpName = "n" };
        batch.Within(1, 1024);
        var command = new Command("encode", "Run an encoder by itself.") { model, input, output, device, dtype, batch };
        command.SetAction(parsed => EncodeRun.Run(
            parsed.GetValue(model)!,
            parsed.GetValue(input)!,
            parsed.GetValue(output)!,
            TorchDevice.Parse(parsed.GetValue(device)!),
            EncoderPrecisions.Parse(parsed.GetValue(dtype)!),
            parsed.GetValue(batch)));
        return command;
    }
}
