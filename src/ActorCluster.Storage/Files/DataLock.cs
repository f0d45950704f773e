using System.Globalization;
using System.Text;
using ActorCluster.Core.Faults;

namespace ActorCluster.Storage;

/// <summary>
/// The right to work on a data folder, held by one process at a time: an exclusive advisory lock (flock) on <c>state/lock</c>, which the kernel
/// releases however the process ends.
/// </summary>
public sealed class DataLock : IDisposable
{

    // SQLite's locks, and flock itself, are unreliable or missing on these.
    private static readonly string[] NetworkFileSystems =
        ["nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncp", "ncpfs", "afs", "ceph", "lustre", "beegfs", "panfs", "glusterfs", "gpfs"];

    private readonly FileStream stream;

    private DataLock(FileStream stream) => this.stream = stream;

    /// <summary>Takes the lock, making the state folder where missing.</summary>
    /// <param name="root">The data folder.</param>
    /// <param name="command">What this process does, for the message that a second process shows, such as <c>process --run demo</c>.</param>
    /// <returns>The lock; disposing it releases it.</returns>
    /// <exception cref="EnvironmentFaultException">
    /// Stage <c>store</c>: another process holds the lock (named by process id, host and start), the folder lies on a network file system, or the
    /// file cannot be written.
    /// </exception>
    public static DataLock Acquire(string root, string command)
    {
        var state = new DataDirectory(root).State;
        var path = Path.Combine(state, "lock");
        try
        {
            DurableFolder.Create(state);
            RefuseNetworkFileSystem(state, new DriveInfo(state).DriveFormat);
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            try
            {
                stream.SetLength(0);
                stream.Write(Encoding.UTF8.GetBytes(Describe(command)));
                return new DataLock(stream);
            }
            catch
            {
                stream.Dispose();
                throw;
            }
        }
        catch (IOException e) when (StoreFault.IsHeld(e))
        {
            throw new EnvironmentFaultException(
                "store", $"The data folder '{Path.GetFullPath(root)}' is in use by {ReadHolder(path)}.", "Wait for it to end, or choose another --data.", e);
        }
        catch (Exception e) when (StoreFault.IsStorage(e))
        {
            throw StoreFault.From(e, "lock", path);
        }
    }

    /// <summary>Releases the lock. The file stays: removing it would let two processes lock two files of one name.</summary>
    public void Dispose() => stream.Dispose();

    internal static void RefuseNetworkFileSystem(string folder, string format)
    {
        if (NetworkFileSystems.Contains(format, StringComparer.OrdinalIgnoreCase))
        {
            throw new EnvironmentFaultException(
                "store",
                $"The folder '{folder}' lies on a network file system ({format}), on which SQLite's journal is not safe.",
                "Choose a --data on a local disk.");
        }
    }

    private static string Describe(string command)
    {
        var started = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        var line = new string([.. command.Select(c => char.IsControl(c) ? ' ' : c)]);
        return $"process {Environment.ProcessId} on {Environment.MachineName} since {started} ({line})";
    }

    private static string ReadHolder(string path)
    {
        const int MaxBytes = 1024;
        try
        {
            using var handle = Posix.OpenForReading(path);
            Span<byte> bytes = stackalloc byte[MaxBytes];
            var length = RandomAccess.Read(handle, bytes, 0);
            // Empty while the holder is just writing it.
            return length == 0 ? "another process" : Encoding.UTF8.GetString(bytes[..length]);
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
