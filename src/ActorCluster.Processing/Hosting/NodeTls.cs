using System.Security.Cryptography.X509Certificates;
using ActorCluster.Core.Faults;
using ActorCluster.Storage;
using Akka.Remote.Transport.DotNetty;

namespace ActorCluster.Processing.Hosting;

/// <summary>
/// TLS between nodes: each shows a certificate, whichever side calls, and takes only those that its own authorities have signed. Names in certificates are not
/// looked at: who has a certificate of the cluster's authority belongs to the cluster.
/// </summary>
/// <param name="Certificate">The file of this node's certificate (PEM).</param>
/// <param name="Key">The file of its private key (PEM).</param>
/// <param name="Authorities">The file with the certificates of those who sign the nodes' (PEM).</param>
public sealed record NodeTls(string Certificate, string Key, string Authorities)
{
    /// <summary>What Akka.Remote needs to speak it.</summary>
    /// <exception cref="EnvironmentFaultException">A file cannot be read, or the key is not the certificate's.</exception>
    internal DotNettySslSetup Setup()
    {
        try
        {
            var (certificate, authorities) = (PemFiles.ReadOwn(Certificate, Key), PemFiles.ReadAll(Authorities));
            return Accepts(certificate, authorities, DateTime.Now)
                ? new DotNettySslSetup(
                    certificate, suppressValidation: false, requireMutualAuthentication: true, (shown, _, _, _, _) => shown is not null && Accepts(shown, authorities, DateTime.Now))
                : throw new InvalidDataException($"'{Certificate}' is not signed by '{Authorities}', or not valid now.");
        }
        catch (InvalidDataException e)
        {
            throw new EnvironmentFaultException(
                "cluster",
                $"The node's certificate '{Certificate}' with the key '{Key}' cannot be used: {e.Message.TrimEnd('.')}.",
                "Give tls.certificate, tls.key and tls.ca as PEM files that belong together, readable by this user.",
                e);
        }
    }

    private static bool Accepts(X509Certificate2 shown, X509Certificate2Collection authorities, DateTime now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now;
        return chain.Build(shown);
    }
}
