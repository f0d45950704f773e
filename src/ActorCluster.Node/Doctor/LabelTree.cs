using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Node.Scoring;

namespace ActorCluster.Node.Doctor;

/// <summary>The label files below a folder: <c>Train_Set/&lt;video&gt;.txt</c> and <c>Validation_Set/&lt;video&gt;.txt</c> in Aff-Wild2's annotations.</summary>
internal sealed class LabelTree
{
    private readonly string _root;
    private readonly Dictionary<string, LabelSet> _sets = new(StringComparer.Ordinal);
    private readonly List<(string Id, string Set, string Path)> _files;

    /// <summary>Lists the label files.</summary>
    /// <exception cref="UsageException">There is no such folder, or it holds none.</exception>
    public LabelTree(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new UsageException($"There is no folder '{folder}'.");
        }

        _root = folder;
        _files =
        [
            .. Directory.EnumerateFiles(folder, "*.txt", new EnumerationOptions { RecurseSubdirectories = true })
                .Select(path => (Path.GetFileNameWithoutExtension(path), Path.GetRelativePath(_root, Path.GetDirectoryName(path)!), path))
                .OrderBy(f => f.Item2, StringComparer.Ordinal).ThenBy(f => f.Item1, StringComparer.Ordinal),
        ];
        if (_files.Count == 0)
        {
            throw new UsageException($"The folder '{folder}' holds no label file (*.txt).");
        }
    }

    public IEnumerable<LabelSet> Sets => _sets.Values;

    /// <summary>Reads every file and hands on the readable ones.</summary>
    /// <param name="findings">Gets what is wrong with the files.</param>
    /// <param name="look">Looks at a video's labels; returns how many labelled frames have no crop.</param>
    public void Check(Findings findings, Func<string, LabelFile, int> look)
    {
        CheckNames(findings);
        foreach (var (id, setName, path) in _files)
        {
            try
            {
                var labels = InputFile.Read(path, (stream, _) => LabelFile.Read(stream, Path.GetRelativePath(_root, path)));
                foreach (var notice in labels.Notices)
                {
                    findings.Notice(id, notice);
                }

                if (labels.Labels.All(l => l == LabelFile.Unlabelled))
                {
                    findings.Notice(id, "No frame is labelled.");
                }

                if (!_sets.TryGetValue(setName, out var set))
                {
                    _sets[setName] = set = new LabelSet(setName);
                }

                set.Add(labels, look(id, labels));
            }
            catch (Exception e) when (e is InputFaultException or EnvironmentFaultException)
            {
                findings.Problem(id, (e as InputFaultException)?.Cause ?? e.Message);
            }
        }
    }

    private void CheckNames(Findings findings)
    {
        foreach (var files in _files.GroupBy(f => f.Id, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            findings.Problem(files.Key, $"There are {files.Count()} label files of this name: {string.Join(", ", files.Select(f => Path.GetRelativePath(_root, f.Path)))}.");
        }

        foreach (var persons in _files.GroupBy(f => BaseVideo.Of(f.Id), StringComparer.Ordinal).Where(g => g.Select(f => f.Set).Distinct().Skip(1).Any() && g.Select(f => f.Id).Distinct().Skip(1).Any()))
        {
            findings.Notice(persons.Key, $"Its persons are in different sets ({string.Join(", ", persons.Select(f => Path.Combine(f.Set, f.Id)))}); what is learned from one helps on the other.");
        }
    }
}
