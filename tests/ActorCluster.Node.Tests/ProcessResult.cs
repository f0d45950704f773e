namespace ActorCluster.Node.Tests;

/// <summary>How a process ended and what it said.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    /// <summary>Fails with everything that was said unless the process ended as expected.</summary>
    public ProcessResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"Exit code {ExitCode}, not {exitCode}.\n{this}");
        return this;
    }

    public override string ToString() => $"--- standard output\n{Output}\n--- standard error\n{Error}";
}
