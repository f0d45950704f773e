using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ActorCluster.Core.Faults;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ActorCluster.Operator;

/// <summary>The certificate that the endpoint shows its clients.</summary>
internal sealed class OperatorCertificate
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _chain;

    private OperatorCertificate(X509Certificate2 certificate, X509Certificate2Collection chain) => (_certificate, _chain) = (certificate, chain);

    /// <summary>Reads it.</summary>
    /// <exception cref="EnvironmentFaultException">It cannot be read, or the key is not its.</exception>
    public static OperatorCertificate Load(OperatorSettings settings)
    {
        try
        {
            var chain = PemFiles.ReadAll(settings.Certificate!);
            chain.RemoveAt(0);
            return new OperatorCertificate(PemFiles.ReadOwn(settings.Certificate!, settings.Key!), chain);
        }
        catch (InvalidDataException e)
        {
            throw new EnvironmentFaultException(
                "operator",
                $"The certificate '{settings.Certificate}' with the key '{settings.Key}' cannot be used: {e.Message.TrimEnd('.')}.",
                "Give operator.certificate and operator.key as PEM files that belong together, readable by this user.",
                e);
        }
    }

    /// <summary>Has it shown.</summary>
    public void Apply(HttpsConnectionAdapterOptions https)
    {
        https.ServerCertificate = _certificate;
        https.ServerCertificateChain = _chain;
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        https.HandshakeTimeout = OperatorLimits.HeadersWithin;
    }
}
