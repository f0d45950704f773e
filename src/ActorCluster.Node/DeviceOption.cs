using System.CommandLine;
using ActorCluster.Models.Torch;

namespace ActorCluster.Node;

/// <summary>The option <c>--device</c>.</summary>
internal static class DeviceOption
{
    /// <summary>Makes the option; what it lets through, <see cref="TorchDevice.Parse"/> reads.</summary>
    public static Option<string> Create()
    {
        var device = new Option<string>("--device")
        {
            Description = "What large networks run on: cpu, or cuda:N.",
            DefaultValueFactory = _ => "cpu",
            HelpName = "device",
        };
        device.Validators.Add(result =>
        {
            try
            {
                _ = result.Tokens.Count == 1 ? TorchDevice.Parse(result.Tokens[0].Value) : TorchDevice.Cpu;
            }
            catch (FormatException e)
            {
                result.AddError($"--device: {e.Message}");
            }
        });
        return device;
    }
}
