namespace ActorCluster.Models.Checkpoints;

/// <summary>The small text file that stands for a large one in a clone made without Git LFS: the likeliest reason why weights do not open.</summary>
internal static class GitLfsPointer
{
    /// <summary>Refuses a file that is a pointer (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).</summary>
    /// <exception cref="CheckpointFormatException">It is one.</exception>
    public static void Refuse(string path)
    {
        var start = "version https://git-lfs"u8;
        Span<byte> bytes = stackalloc byte[start.Length];
        using var file = File.OpenHandle(path);
        if (RandomAccess.Read(file, bytes, 0) == bytes.Length && bytes.SequenceEqual(start))
        {
            throw new CheckpointFormatException($"'{path}' is a Git LFS pointer, not the weights. Run 'git lfs pull' in its folder, or download the file.");
        }
    }
}
