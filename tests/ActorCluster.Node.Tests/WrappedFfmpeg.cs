namespace ActorCluster.Node.Tests;

/// <summary>An ffmpeg that does something of a test's own before it is the real one.</summary>
internal static class WrappedFfmpeg
{
    /// <summary>Writes it.</summary>
    /// <param name="folder">A folder for it; made where missing.</param>
    /// <param name="before">What it does first, for a shell that has the arguments of ffmpeg.</param>
    /// <returns>A PATH on which it comes first.</returns>
    public static async Task<string> WriteAsync(string folder, string before)
    {
        Directory.CreateDirectory(folder);
        var script = Path.Combine(folder, "ffmpeg");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\n{before}\nexec '{Tool.PathOf("ffmpeg")}' \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return folder + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
    }
}
