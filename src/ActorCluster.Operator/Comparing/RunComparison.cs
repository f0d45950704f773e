using System.Collections.Immutable;
using System.Diagnostics;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Scoring;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Operator.Comparing;

/// <summary>
/// Two runs that are being compared. Who asks has it go on for a short while, from where it stopped, and gets what there is by then; those who ask at the same time
/// wait for the same work. Runs that have grown meanwhile are looked through again, and what was compared stays if it is still so.
/// </summary>
/// <param name="data">The data folder.</param>
/// <param name="a">The first run.</param>
/// <param name="b">The second run.</param>
internal sealed class RunComparison(DataDirectory data, string a, string b)
{
    private const int MostAtATime = 2;
    private const int MostTold = 100;
    private static readonly SemaphoreSlim Turns = new(MostAtATime); // Whatever is asked for, this much of the machine goes into comparing.
    private static readonly TimeSpan WorksFor = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ListsAgainAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<LeftOutVideo> _leftOut = [];
    private readonly List<string> _notices = [];
    private RunAgreement _agreement = new();
    private ImmutableArray<Pair> _common = [];
    private (long StartedA, long StartedB, int CompletedA, int CompletedB) _listed;
    private long _listedAt;
    private int _next;
    private int _leftOutCount;
    private Task _work = Task.CompletedTask;

    /// <summary>Goes on comparing, and tells how it stands then.</summary>
    /// <param name="service">The node.</param>
    /// <param name="ofA">How far the first run is.</param>
    /// <param name="ofB">How far the second run is.</param>
    /// <param name="skip">How many videos to leave out of the list.</param>
    /// <param name="take">How many to list at most.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <exception cref="EnvironmentFaultException">The cluster or the store does not answer.</exception>
    public async Task<CompareAnswer> GoOnAsync(
        IRunService service, RunQueries.RunProgress ofA, RunQueries.RunProgress ofB, int skip, int take, CancellationToken cancellation)
    {
        Task work;
        lock (_gate)
        {
            if (_work.IsCompleted)
            {
                _work = WorkAsync(service, (ofA.StartedAt, ofB.StartedAt, ofA.Completed, ofB.Completed));
            }

            work = _work;
        }

        await work.WaitAsync(cancellation);
        lock (_gate)
        {
            return new CompareAnswer(
                new ComparedRun(a, ofA.Pipeline),
                new ComparedRun(b, ofB.Pipeline),
                Expressions.Names,
                _common.Length,
                _next,
                _agreement.Matrix.Frames,
                _agreement.Agreement,
                [.. Enumerable.Range(0, Expressions.Count).Select(row => _agreement.Matrix.Counts.Slice(row * Expressions.Count, Expressions.Count))],
                _agreement.LabelsByA.Frames == 0
                    ? null
                    : new ComparedScores(ComparedScore.Of(_agreement.LabelsByA), ComparedScore.Of(_agreement.LabelsByB), _agreement.LabelsByA.Frames),
                [.. _agreement.Videos.Skip(skip).Take(take).Select(v => new ComparedVideo(v.Video, v.Frames, v.Agreement, $"{v.A}", $"{v.B}", v.F1OfA, v.F1OfB))],
                _leftOutCount,
                [.. _leftOut],
                [.. _notices]);
        }
    }

    private async Task WorkAsync(IRunService service, (long StartedA, long StartedB, int CompletedA, int CompletedB) now)
    {
        await Task.Yield(); // Not under the lock of whoever asks.
        var isOther = (now.StartedA, now.StartedB) != (_listed.StartedA, _listed.StartedB);
        if (isOther || (now != _listed && (_next == _common.Length || Stopwatch.GetElapsedTime(_listedAt) > ListsAgainAfter)))
        {
            var (ofA, ofB) = (await service.CompletedAsync(a, CancellationToken.None), await service.CompletedAsync(b, CancellationToken.None));
            List(ofA, ofB, isOther);
            (_listed, _listedAt) = (now, Stopwatch.GetTimestamp());
        }

        if (_next < _common.Length)
        {
            await Turns.WaitAsync();
            try
            {
                await Task.Factory.StartNew(Compare, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            finally
            {
                Turns.Release();
            }
        }
    }

    /// <summary>Finds the videos that both have. Those that were compared come first and stay, unless one of them is no longer there as it was.</summary>
    private void List(ImmutableArray<CompletedVideo> ofA, ImmutableArray<CompletedVideo> ofB, bool isOther)
    {
        var byId = ofB.ToDictionary(v => v.Id, StringComparer.Ordinal);
        List<Pair> found =
        [
            .. ofA.Where(v => v.ContentHash.Length > 0 && byId.TryGetValue(v.Id, out var other) && other.ContentHash == v.ContentHash)
                .Select(v => new Pair(v.Id, v.ContentHash, v.Labels ?? byId[v.Id].Labels)),
        ];
        var known = _common[.._next];
        var left = found.ToHashSet();
        var goesOn = !isOther && known.All(left.Remove);
        lock (_gate)
        {
            if (goesOn)
            {
                _common = [.. known, .. found.Where(left.Contains)];
                return;
            }

            (_agreement, _common, _next, _leftOutCount) = (new RunAgreement(), [.. found], 0, 0);
            _leftOut.Clear();
            _notices.Clear();
        }
    }

    private void Compare()
    {
        data.RequirePresent();
        var (folderA, folderB) = (data.Run(a), data.Run(b));
        var began = Stopwatch.GetTimestamp();
        do
        {
            var pair = _common[_next];
            var (ofA, ofB, why) = Read(folderA, folderB, pair.Id);
            var (labels, notice) = why is null && pair.Labels is { } file ? ReadLabels(file, pair.Id, ofA!.Count) : ([], null);
            lock (_gate)
            {
                if (why is null)
                {
                    _agreement.Add(pair.Id, ofA!.Labels, ofB!.Labels, labels.AsSpan());
                }
                else
                {
                    _leftOutCount++;
                    AddUpTo(_leftOut, new LeftOutVideo(pair.Id, why));
                }

                if (notice is not null)
                {
                    AddUpTo(_notices, notice);
                }

                _next++;
            }
        }
        while (_next < _common.Length && Stopwatch.GetElapsedTime(began) < WorksFor);
    }

    private (FramePredictions? A, FramePredictions? B, string? Why) Read(RunDirectory folderA, RunDirectory folderB, string id)
    {
        var run = a;
        try
        {
            var ofA = RunPredictions.Read(folderA, id);
            run = b;
            var ofB = ofA is null ? null : RunPredictions.Read(folderB, id);
            return ofA is null || ofB is null ? (null, null, $"Its predictions are not in the folder of run '{(ofA is null ? a : b)}'.")
                : ofA.Count != ofB.Count ? (null, null, $"It has {ofA.Count} frames in run '{a}' and {ofB.Count} in run '{b}': which of them are the same cannot be told.")
                : (ofA, ofB, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PredictionFormatException)
        {
            return (null, null, $"Its predictions in run '{run}' cannot be read: {e.Message}");
        }
    }

    private static (ImmutableArray<sbyte> Labels, string? Notice) ReadLabels(string file, string id, int frames)
    {
        if (frames == 0)
        {
            return ([], null);
        }

        try
        {
            using var stream = File.OpenRead(file);
            return (LabelFile.Read(stream, file).FitTo(frames, id).Labels, null);
        }
        catch (Exception e) when (e is InputFaultException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return ([], $"{id} is not scored: {e.Message}");
        }
    }

    private static void AddUpTo<T>(List<T> list, T item)
    {
        if (list.Count < MostTold)
        {
            list.Add(item);
        }
    }

    /// <summary>A video that both runs have completed.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="ContentHash">SHA-256 of its file.</param>
    /// <param name="Labels">A file of labels; null for none.</param>
    private sealed record Pair(string Id, string ContentHash, string? Labels);
}
