using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace ActorCluster.Operator;

/// <summary>
/// How often one address may bring a wrong token: a handful at once, then one every few seconds. Until then nothing that comes from there is looked at, a right
/// token included: else whoever guesses would learn of a hit at once.
/// </summary>
internal sealed class AttemptLimit
{
    /// <summary>Failures that an address may have at once.</summary>
    public const int Failures = 20;

    /// <summary>How long it takes until one more is allowed.</summary>
    public const int RetryAfterSeconds = 2;

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetTokenBucketLimiter(
        address,
        _ => new TokenBucketRateLimiterOptions { TokenLimit = Failures, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(RetryAfterSeconds), AutoReplenishment = true }));

    /// <summary>What an address is told that has to wait.</summary>
    public static OperatorProblem Problem { get; } = new(
        "Too many requests", (int)HttpStatusCode.TooManyRequests, $"Too many requests from this address were refused. Ask again in {RetryAfterSeconds} seconds.");

    /// <summary>Whether a request from an address is looked at.</summary>
    public bool MayTry(IPAddress? address) => _limiter.GetStatistics(NetworkOf(address)) is not { CurrentAvailablePermits: 0 };

    /// <summary>Counts a request that was refused.</summary>
    public void Failed(IPAddress? address) => _limiter.AttemptAcquire(NetworkOf(address)).Dispose();

    /// <summary>One machine has 2^64 addresses of IPv6: its network counts.</summary>
    private static IPAddress NetworkOf(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
        {
            return address?.MapToIPv4() ?? IPAddress.None;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
