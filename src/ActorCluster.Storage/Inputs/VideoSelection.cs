using ActorCluster.Core;
using ActorCluster.Core.Manifests;

namespace ActorCluster.Storage;

/// <summary>The videos chosen so far, and the ids that are taken.</summary>
internal sealed class VideoSelection
{
    private readonly IReadOnlyList<VideoEntry> known;
    private readonly Dictionary<string, VideoEntry> knownById = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VideoEntry> knownByUri = new(StringComparer.Ordinal);
    private readonly HashSet<string> takenIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VideoEntry> byId = new(StringComparer.Ordinal);
    private readonly HashSet<string> uris = new(StringComparer.Ordinal);

    public VideoSelection(IReadOnlyList<VideoEntry> known)
    {
        this.known = known;
        foreach (var entry in known)
        {
            knownById.Add(entry.Id, entry);
            // Several persons of one video have one file; a file found in a folder is the first of them.
            knownByUri.TryAdd(entry.Uri, entry);
            takenIds.Add(entry.Id);
        }
    }

    public List<VideoEntry> Entries { get; } = [];

    public IEnumerable<VideoEntry> Vanished() => known.Where(entry => !byId.ContainsKey(entry.Id));

    /// <summary>Keeps a manifest's ids from being given to files, and its files from becoming videos of their own.</summary>
    public void Reserve(IEnumerable<VideoEntry> entries)
    {
        foreach (var entry in entries)
        {
            takenIds.Add(entry.Id);
            uris.Add(entry.Uri);
        }
    }

    /// <summary>Adds a manifest's videos under their own ids.</summary>
    /// <exception cref="InputSelectionException">An id names another video already.</exception>
    public void AddAll(IEnumerable<VideoEntry> entries, string manifest)
    {
        foreach (var entry in entries)
        {
            var other = byId.GetValueOrDefault(entry.Id) ?? knownById.GetValueOrDefault(entry.Id);
            if (other is not null && other.Uri != entry.Uri)
            {
                throw new InputSelectionException(
                    $"The manifest '{manifest}' gives the id '{entry.Id}' to '{entry.Uri}', but in this run it is the id of '{other.Uri}'. Give it another id, or start another run (--run).");
            }

            Add(entry);
        }
    }

    /// <summary>Adds a file under the id that the run knows it by, or a new one made from its relative path.</summary>
    public void AddFile(string path, string relativePath)
    {
        if (uris.Contains(path))
        {
            return;
        }

        Add(knownByUri.TryGetValue(path, out var entry) ? entry : new VideoEntry(VideoIds.ForFile(relativePath, takenIds.Contains), path));
    }

    private void Add(VideoEntry entry)
    {
        takenIds.Add(entry.Id);
        uris.Add(entry.Uri);
        if (byId.TryAdd(entry.Id, entry))
        {
            Entries.Add(entry);
        }
    }
}
