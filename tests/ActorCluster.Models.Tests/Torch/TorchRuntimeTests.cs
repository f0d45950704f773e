using ActorCluster.Core.Faults;
using ActorCluster.Models.Torch;
using TorchSharp;

namespace ActorCluster.Models.Tests.Torch;

public class TorchRuntimeTests
{
    [Fact]
    public void Load_ByManyThreads_LeavesTorchComputing()
    {
        Parallel.For(0, 8, _ => TorchRuntime.Load());

        using var scope = torch.NewDisposeScope();
        Assert.Equal(10f, torch.ones(10).sum().item<float>());
        Assert.Matches(@"^libtorch 2\.\d+\.\d+, TorchSharp 0\.\d+\.\d+, MKL_CBWR AUTO$", TorchRuntime.Version);
    }

    // The fallback of TorchSharp's own loader copies all of libtorch beside its assembly.
    [Fact]
    public void Load_ThisMachine_CopiesNoLibtorchIntoTheOutput()
    {
        TorchRuntime.Load();

        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")));
    }

    [Fact]
    public void UseThreads_TwoThreads_EachKeepsItsOwnNumber()
    {
        using var set = new Barrier(2);
        var seen = new int[2];
        Thread Encoder(int index) => new(() =>
        {
            TorchRuntime.UseThreads(index + 1);
            set.SignalAndWait(TimeSpan.FromSeconds(30));
            using var scope = torch.NewDisposeScope();
            torch.matmul(torch.ones(200, 200), torch.ones(200, 200));
            seen[index] = torch.get_num_threads();
        });
        Thread[] threads = [Encoder(0), Encoder(1)];

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal([1, 2], seen);
    }

    [Theory]
    [InlineData("cpu", false)]
    [InlineData("cuda:0", true)]
    [InlineData("cuda:7", true)]
    public void Parse_Device_RoundTrips(string text, bool cuda)
    {
        var device = TorchDevice.Parse(text);

        Assert.Equal(cuda, device.IsCuda);
        Assert.Equal(text, device.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("CPU")]
    [InlineData("cuda")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda: 1")]
    [InlineData("gpu:0")]
    public void Parse_NoDevice_SaysWhatIsOne(string text) =>
        Assert.Contains("use cpu or cuda:N", Assert.Throws<FormatException>(() => TorchDevice.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Require_Cpu_Passes() => TorchDevice.Cpu.Require();

    // On a machine with GPUs the number asked for is one more than it has.
    [Fact]
    public void Require_CudaDeviceThatIsNotThere_FailsWithReasonAndRemedy()
    {
        TorchRuntime.Load();
        var count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;

        var fault = Assert.Throws<EnvironmentFaultException>(() => TorchDevice.Parse($"cuda:{count}").Require());

        Assert.Contains($"cuda:{count} was asked for", fault.Cause, StringComparison.Ordinal);
        Assert.Contains("nvidia-smi", fault.Remedy, StringComparison.Ordinal);
        torch.ones(1).Dispose();
    }
}
