using System.Globalization;
using System.Security.Cryptography;
using ActorCluster.Core.Faults;

namespace ActorCluster.Models.Preprocessing;

/// <summary>
/// A folder of face crops, one per frame: <c>00001.jpg</c> is the first frame's, as Aff-Wild2 ships them. A missing file is a frame without a face.
/// </summary>
public sealed class AlignedFaces
{
    private const string Stage = "faces";

    private readonly string _folder;

    /// <summary>Opens the folder.</summary>
    /// <param name="folder">Its path; empty when the manifest names none.</param>
    /// <exception cref="InputFaultException">There is no such folder.</exception>
    public AlignedFaces(string folder)
    {
        if (folder.Length == 0)
        {
            throw new InputFaultException(Stage, "The pipeline takes aligned faces, but the manifest names no folder of crops for this video. Give it in a column 'faces'.");
        }

        if (!Directory.Exists(folder))
        {
            throw new InputFaultException(Stage, $"The folder of face crops is not there or may not be read: {folder}");
        }

        _folder = folder;
    }

    /// <summary>Reads a frame's crop.</summary>
    /// <param name="frame">The frame, counted from 0.</param>
    /// <param name="face">The picture, or null where there is none.</param>
    /// <returns>False if there is a file that is no picture.</returns>
    public bool TryRead(int frame, out RgbImage? face)
    {
        face = null;
        var path = PathOf(frame);
        if (!File.Exists(path))
        {
            return true;
        }

        try
        {
            face = ImageFile.ReadRgb(path);
            return true;
        }
        catch (Exception e) when (e is InputFaultException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The key of a video together with its crops, 64 lower-case hexadecimal digits.</summary>
    /// <param name="videoHash">The video's own.</param>
    /// <param name="frames">The number of frames.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public string Hash(string videoHash, int frames, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Convert.FromHexString(videoHash));
        for (var frame = 0; frame < frames; frame++)
        {
            cancellation.ThrowIfCancellationRequested();
            var path = PathOf(frame);
            try
            {
                hash.AppendData(File.Exists(path) ? SHA256.HashData(File.ReadAllBytes(path)) : new byte[1]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InputFaultException(Stage, $"A face crop cannot be read: {e.Message}", inner: e);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private string PathOf(int frame) => Path.Combine(_folder, (frame + 1).ToString("D5", CultureInfo.InvariantCulture) + ".jpg");
}
