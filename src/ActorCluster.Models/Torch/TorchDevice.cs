using System.Globalization;
using System.Runtime.InteropServices;
using ActorCluster.Core.Faults;
using TorchSharp;

namespace ActorCluster.Models.Torch;

/// <summary>The processor that an encoder runs on.</summary>
public readonly record struct TorchDevice
{
    private const string Stage = "torch";
    private const string CudaPrefix = "cuda:";

    // One more than the CUDA device's number: the default value is the CPU.
    private readonly int _cuda;

    private TorchDevice(int cuda) => _cuda = cuda;

    /// <summary>The CPU.</summary>
    public static TorchDevice Cpu => default;

    /// <summary>Whether it is a CUDA device.</summary>
    public bool IsCuda => _cuda > 0;

    /// <summary>Reads a device's name.</summary>
    /// <param name="text"><c>cpu</c> or <c>cuda:N</c>, N from 0.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public static TorchDevice Parse(string text)
    {
        if (text == "cpu")
        {
            return Cpu;
        }

        return text.StartsWith(CudaPrefix, StringComparison.Ordinal)
            && byte.TryParse(text.AsSpan(CudaPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new TorchDevice(number + 1)
            : throw new FormatException($"'{text}' is no device; use cpu or cuda:N, such as cuda:0.");
    }

    /// <summary>
    /// Makes sure that the device is there and computes. TorchSharp by itself would fall back to the CPU in silence
    /// (https://github.com/dotnet/TorchSharp/issues/1545).
    /// </summary>
    /// <exception cref="EnvironmentFaultException">It is not there, or a first computation failed; says why and what to do.</exception>
    public void Require()
    {
        TorchRuntime.Load();
        if (!IsCuda)
        {
            return;
        }

        try
        {
            torch.InitializeDeviceType(DeviceType.CUDA);
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or ExternalException)
        {
            throw Missing("this build of ActorCluster has no CUDA libraries, or the driver does not start.", e);
        }

        if (!torch.cuda.is_available())
        {
            throw Missing("libtorch finds no CUDA device.");
        }

        if (torch.cuda.device_count() < _cuda)
        {
            throw Missing($"this machine has {torch.cuda.device_count()} CUDA device(s), counted from cuda:0.");
        }

        try
        {
            using var scope = torch.NewDisposeScope();
            using var inference = torch.inference_mode();
            var ones = torch.ones([16, 16], device: ToTorch());
            var sum = torch.matmul(ones, ones).sum().to(torch.CPU).item<float>();
            if (sum != 16 * 16 * 16)
            {
                throw Missing($"a product of two matrices came out wrong ({sum}).");
            }
        }
        catch (ExternalException e)
        {
            throw Missing($"a first computation failed: {e.Message.Split('\n')[0]}", e);
        }
    }

    /// <summary>The name that <see cref="Parse"/> reads.</summary>
    public override string ToString() => IsCuda ? string.Create(CultureInfo.InvariantCulture, $"{CudaPrefix}{_cuda - 1}") : "cpu";

    /// <summary>TorchSharp's form of it. <see cref="TorchRuntime.Load"/> comes first.</summary>
    internal torch.Device ToTorch() => IsCuda ? torch.device(DeviceType.CUDA, _cuda - 1) : torch.CPU;

    private EnvironmentFaultException Missing(string cause, Exception? inner = null) => new(
        Stage,
        $"The device {this} was asked for, but {cause}",
        $"Check the driver with nvidia-smi and use a build with CUDA (-p:TorchBackend=cuda, or none with {LibTorchInstallation.Variable}), or ask for the device cpu.",
        inner);
}
