using Akka.Event;

namespace ActorCluster.Processing.Hosting;

/// <summary>Takes the place of Akka's console logger, which otherwise speaks on standard output while the system starts and stops.</summary>
internal sealed class SilentLogger : MinimalLogger
{
    /// <inheritdoc/>
    protected override void Log(object message)
    {
        // Standard output belongs to the command's own answer.
    }
}
