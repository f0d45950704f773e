using System.CommandLine;
using ActorCluster.Core.Formats;
using ActorCluster.Storage;

namespace ActorCluster.Node;

/// <summary>The command line of <c>actorcluster features</c>: what the feature store holds, and how to make it smaller.</summary>
internal static class FeaturesCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The data folder.", DefaultValueFactory = _ => "actorcluster-data", HelpName = "folder" };
        var budget = new Option<string>("--budget") { Description = "What may stay, such as 500M, 20G or 0.", Required = true, HelpName = "bytes" };
        budget.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !ByteSize.TryParse(result.Tokens[0].Value, out _))
            {
                result.AddError("--budget takes a number of bytes, with K, M, G or T if need be.");
            }
        });

        var list = new Command("list", "List stored features by encoder and video, the oldest first.") { data };
        list.SetAction(parsed => List(Open(parsed.GetValue(data)!)));
        var prune = new Command("prune", "Remove features, those written longest ago first, until the rest fits a budget. Predictions stay; a later run computes what it needs again.") { data, budget };
        prune.SetAction(parsed => Prune(parsed.GetValue(data)!, ByteSize.TryParse(parsed.GetValue(budget)!, out var bytes) ? bytes : 0));
        return new Command("features", "Look after the feature store.") { list, prune };
    }

    private static FeatureStore Open(string folder)
    {
        var data = new DataDirectory(folder);
        return Directory.Exists(data.Root) ? new FeatureStore(data.Features) : throw new UsageException($"The data folder '{data.Root}' does not exist.");
    }

    private static int List(FeatureStore store)
    {
        var usages = store.List().OrderBy(u => u.LastWritten).ToList();
        foreach (var usage in usages)
        {
            Console.Out.WriteLine($"{usage.EncoderHash[..12]}  {usage.VideoHash[..12]}  {usage.Files,6} files  {ByteSize.Words(usage.Bytes),10}  {usage.LastWritten.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
        }

        Console.Out.WriteLine($"{usages.Count} videos, {ByteSize.Words(usages.Sum(u => u.Bytes))}");
        return ExitCodes.Completed;
    }

    private static int Prune(string folder, long budget)
    {
        var store = Open(folder);
        using var dataLock = DataLock.Acquire(new DataDirectory(folder).Root, "features prune"); // Not under a run that may be reading them.
        var pruned = store.Prune(budget);
        Console.Out.WriteLine($"Removed {pruned.Removed.Length} videos' features, {ByteSize.Words(pruned.FreedBytes)}; {ByteSize.Words(pruned.RemainingBytes)} remain.");
        return ExitCodes.Completed;
    }
}
