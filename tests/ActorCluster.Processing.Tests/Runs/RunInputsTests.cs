using ActorCluster.Core.Faults;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Processing.Tests.Runs;

public sealed class RunInputsTests : IDisposable
{
    private readonly TempData _data = new();

    private string File => Path.Combine(_data.Inputs, "inputs.json");

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Add_MoreThanOnce_KeepsAllInTheirOrder()
    {
        Assert.Null(RunInputs.Read(File));
        RunInputs.Add(File, ["/b", "/a/../a"], "/pipelines");
        RunInputs.Add(File, ["/a", "/c\n"], "/pipelines");
        var read = RunInputs.Read(File)!;
        Assert.Equal(["/b", "/a", "/c\n"], read.Inputs.AsEnumerable());
        Assert.Equal("/pipelines", read.PipelineFolder);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"inputs\": null, \"pipeline_folder\": \"/\"}")]
    public void Read_Damaged_IsRefusedWithWhatToDo(string content)
    {
        System.IO.File.WriteAllText(File, content);
        Assert.Contains("submit the run again", Assert.Throws<EnvironmentFaultException>(() => RunInputs.Read(File)).Remedy, StringComparison.Ordinal);
    }
}
