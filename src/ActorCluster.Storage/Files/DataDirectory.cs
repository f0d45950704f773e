using System.Text;
using ActorCluster.Core.Faults;

namespace ActorCluster.Storage;

/// <summary>The layout of a data folder: features, runs and state.</summary>
public sealed class DataDirectory
{
    /// <summary>Names the paths; touches nothing.</summary>
    /// <param name="root">The data folder.</param>
    public DataDirectory(string root) => Root = Path.GetFullPath(root);

    /// <summary>The data folder's full path.</summary>
    public string Root { get; }

    /// <summary>The feature store's folder.</summary>
    public string Features => Path.Combine(Root, "features");

    /// <summary>The folder of features aligned to frames, for training: <c>&lt;key&gt;/&lt;video hash&gt;.safetensors</c>.</summary>
    public string Training => Path.Combine(Root, "training");

    /// <summary>The folder of all runs.</summary>
    public string Runs => Path.Combine(Root, "runs");

    /// <summary>The folder of videos that were uploaded to be predicted at once: each is there for as long as it is worked on.</summary>
    public string Uploads => Path.Combine(Root, "uploads");

    /// <summary>The folder of journal, snapshots and lock.</summary>
    public string State => Path.Combine(Root, "state");

    /// <summary>The SQLite journal.</summary>
    public string Journal => Path.Combine(State, "journal.db");

    /// <summary>The SQLite snapshot store.</summary>
    public string Snapshots => Path.Combine(State, "snapshots.db");

    /// <summary>
    /// A file that says that this is a data folder, and which: where a shared folder is unmounted, its bare mount point does not have it. The content is a
    /// random number drawn when the folder was made.
    /// </summary>
    public string Marker => Path.Combine(Root, "actorcluster-data");

    /// <summary>Where nodes of a cluster prove to each other that they see the same folder.</summary>
    public string Nodes => Path.Combine(Root, "nodes");

    /// <summary>The paths of one run.</summary>
    /// <param name="name">The run's name.</param>
    public RunDirectory Run(string name) => new(Path.Combine(Runs, OutputNames.FileStem(name)));

    /// <summary>The file of an uploaded video. No part of its name is the uploader's.</summary>
    /// <param name="run">The name of the run that processes it.</param>
    public string Upload(string run) => Path.Combine(Uploads, OutputNames.FileStem(run) + ".video");

    /// <summary>Makes the folders where missing and proves that each can be written.</summary>
    /// <exception cref="EnvironmentFaultException">Stage <c>store</c>: a folder cannot be made or written.</exception>
    public void Create()
    {
        foreach (var folder in (string[])[Root, Features, Runs, State, Nodes])
        {
            try
            {
                DurableFolder.Create(folder);
                var proof = Path.Combine(folder, "writable." + Guid.NewGuid().ToString("N")[..16] + ".tmp");
                using var stream = new FileStream(proof, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
                stream.WriteByte(0);
            }
            catch (Exception e) when (StoreFault.IsStorage(e))
            {
                throw StoreFault.From(e, "write to the folder", folder);
            }
        }

        if (!IsPresent)
        {
            AtomicFile.Write(Marker, stream => stream.Write(Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N"))));
        }
    }

    /// <summary>Whether the folder is there, and not only the empty mount point of one.</summary>
    public bool IsPresent => File.Exists(Marker);

    /// <summary>Makes sure that the folder is still the data folder, and not the empty mount point of one.</summary>
    /// <exception cref="EnvironmentFaultException">Stage <c>store</c>: it is not there.</exception>
    public void RequirePresent()
    {
        if (!IsPresent)
        {
            throw new EnvironmentFaultException("store", $"The data folder '{Root}' is not there: its file '{Path.GetFileName(Marker)}' is missing.", "Mount the shared folder again; work goes on by itself.");
        }
    }
}
