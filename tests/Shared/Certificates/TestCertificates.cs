using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorCluster.Tests;

/// <summary>An authority that a test has made, and certificates that it signs, as PEM files in a folder of their own.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-certificates-");
    private readonly X509Certificate2 _authority;

    public TestCertificates(string name = "authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        Authorities = Write("ca.pem", _authority.ExportCertificatePem());
    }

    /// <summary>The file of the authority's own certificate.</summary>
    public string Authorities { get; }

    /// <summary>Signs a certificate for this machine.</summary>
    /// <returns>The files of certificate and key.</returns>
    public (string Certificate, string Key) Issue(string name = "node", bool isExpired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var (from, to) = isExpired ? (DateTimeOffset.UtcNow.AddMinutes(-50), DateTimeOffset.UtcNow.AddMinutes(-10)) : (DateTimeOffset.UtcNow.AddMinutes(-50), DateTimeOffset.UtcNow.AddHours(20));
        using var certificate = request.Create(_authority, from, to, RandomNumberGenerator.GetBytes(8));
        return (Write($"{name}.pem", certificate.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
