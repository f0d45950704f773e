using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorCluster.Node;

/// <summary>Ctrl-C and termination: the first asks for a clean stop, the second stops at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations;

    public StopSignals() =>
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, OnSignal))];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_stop.IsCancellationRequested)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill(); // Nothing is lost that a crash would not lose: at most the chunks in flight.
        }

        _stop.Cancel();
    }
}
