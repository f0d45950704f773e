using System.Globalization;
using ActorCluster.Core.Labels;

namespace ActorCluster.Node.Doctor;

/// <summary>Folders of face crops, <c>&lt;video&gt;/00001.jpg</c> for the first frame and so on, directly in a folder or one folder deeper.</summary>
internal sealed class CropFolders
{
    private const int Digits = 5;
    private const string Extension = ".jpg";

    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <summary>Lists the folders.</summary>
    /// <exception cref="UsageException">There is no such folder.</exception>
    public CropFolders(string root)
    {
        if (!Directory.Exists(root))
        {
            throw new UsageException($"There is no folder '{root}'.");
        }

        foreach (var folder in Directory.EnumerateDirectories(root, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).Order(StringComparer.Ordinal))
        {
            _folders.TryAdd(Path.GetFileName(folder), folder);
        }
    }

    /// <summary>Looks at a video's crops.</summary>
    /// <param name="id">The video, or the person in it.</param>
    /// <param name="findings">Gets what is wrong with them.</param>
    /// <returns>The numbers of the frames with a crop, ascending; null when there is no folder.</returns>
    public IReadOnlyList<int>? Check(string id, Findings findings)
    {
        if (!_folders.TryGetValue(id, out var folder))
        {
            findings.Problem(id, "There is no folder of crops of this name.");
            return null;
        }

        var numbers = new SortedDictionary<int, string>();
        var (foreign, doubles, misnamed) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var name in Directory.EnumerateFiles(folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal))
        {
            var stem = name.EndsWith(Extension, StringComparison.Ordinal) ? name[..^Extension.Length] : "";
            if (!int.TryParse(stem, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                foreign.Add(name);
                continue;
            }

            if (!numbers.TryAdd(number, name))
            {
                doubles.Add($"{numbers[number]} and {name}");
            }

            if (stem != number.ToString($"D{Digits}", CultureInfo.InvariantCulture))
            {
                misnamed.Add(name);
            }
        }

        Tell(foreign, " files are not crops", findings.Notice);
        Tell(doubles, " crops are there twice", findings.Problem);
        Tell(misnamed, $" crops do not have {Digits} digits, so that no frame finds them", findings.Problem);
        if (numbers.ContainsKey(0))
        {
            findings.Problem(id, "Crops count from 00000.jpg; frames count from 00001.jpg, so that every crop would be one frame late.");
        }

        if (numbers.Count == 0)
        {
            findings.Problem(id, "The folder of crops is empty.");
        }

        return [.. numbers.Keys];

        void Tell(List<string> names, string what, Action<string, string> tell)
        {
            if (names.Count > 0)
            {
                tell(id, $"{names.Count}{what}: {string.Join(", ", names.Take(3))}{(names.Count > 3 ? ", …" : "")}.");
            }
        }
    }

    /// <summary>Holds crops against labels.</summary>
    /// <returns>How many labelled frames have no crop.</returns>
    public static int Compare(string id, IReadOnlyList<int> crops, LabelFile labels, Findings findings)
    {
        var frames = labels.Labels.Length;
        if (crops.Count > 0 && crops[^1] > frames + LabelFile.Tolerance)
        {
            findings.Problem(id, $"The last crop is that of frame {crops[^1]:N0}, but there are {frames:N0} labels.");
        }

        var has = new bool[frames + 1];
        foreach (var number in crops.Where(n => n >= 1 && n <= frames))
        {
            has[number] = true;
        }

        var without = Enumerable.Range(1, frames).Count(f => !has[f]);
        var labelledWithout = Enumerable.Range(1, frames).Count(f => !has[f] && labels.Labels[f - 1] != LabelFile.Unlabelled);
        if (without > 0)
        {
            findings.Notice(id, $"{without:N0} of {frames:N0} frames have no crop, {labelledWithout:N0} of them are labelled.");
        }

        return labelledWithout;
    }
}
