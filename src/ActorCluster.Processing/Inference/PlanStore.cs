using System.Collections.Immutable;
using System.Security.Cryptography;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Media;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Inference;

/// <summary>Plans of videos: files beside the run's manifest, named in messages by their hash, with the last few kept in memory.</summary>
internal sealed class PlanStore(DataDirectory data)
{
    private const int Kept = 8;
    private readonly Lock _lock = new();
    private readonly LinkedList<(string Hash, VideoInfo Info)> _recent = new();

    /// <summary>Stores a plan.</summary>
    /// <returns>Its SHA-256, lower-case hex.</returns>
    public string Write(string run, string videoId, VideoInfo info)
    {
        data.RequirePresent();
        using var bytes = new MemoryStream();
        VideoInfoJson.Write(bytes, info);
        AtomicFile.Write(data.Run(run).Plan(videoId), stream => stream.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        return Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    /// <summary>Reads a plan.</summary>
    /// <exception cref="EnvironmentFaultException">The file is missing or is not the one that the video was planned with.</exception>
    public VideoInfo Read(string run, string videoId, string hash)
    {
        lock (_lock)
        {
            for (var node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Hash == hash)
                {
                    _recent.Remove(node);
                    _recent.AddFirst(node);
                    return node.Value.Info;
                }
            }
        }

        var path = data.Run(run).Plan(videoId);
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != hash)
            {
                throw new EnvironmentFaultException("plan", $"'{path}' is not the plan that the video was started with.", "Restore the file, or process the video under another run name.");
            }

            var info = VideoInfoJson.Read(new MemoryStream(bytes));
            lock (_lock)
            {
                _recent.AddFirst((hash, info));
                if (_recent.Count > Kept)
                {
                    _recent.RemoveLast();
                }
            }

            return info;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException("plan", $"'{path}' cannot be read: {e.Message}", "Restore the file, or process the video under another run name.", e);
        }
    }
}
