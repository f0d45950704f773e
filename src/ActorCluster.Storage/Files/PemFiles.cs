using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorCluster.Storage;

/// <summary>Certificates in PEM files.</summary>
public static class PemFiles
{
    /// <summary>Reads a certificate with its private key.</summary>
    /// <param name="certificate">The certificate's file; further certificates in it are passed over.</param>
    /// <param name="key">The key's file.</param>
    /// <exception cref="InvalidDataException">One cannot be read, or they do not belong together.</exception>
    public static X509Certificate2 ReadOwn(string certificate, string key) => Read(() => X509Certificate2.CreateFromPemFile(certificate, key));

    /// <summary>Reads all certificates of a file, at least one.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, or has none.</exception>
    public static X509Certificate2Collection ReadAll(string file)
    {
        var certificates = Read(() =>
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(file);
            return found;
        });
        return certificates.Count > 0 ? certificates : throw new InvalidDataException($"'{file}' has no certificate.");
    }

    private static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
