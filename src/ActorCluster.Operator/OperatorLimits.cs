using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ActorCluster.Operator;

/// <summary>What one client may cost.</summary>
internal static class OperatorLimits
{
    /// <summary>The most bytes of a request's body.</summary>
    public const int LargestBody = 1 << 20;

    /// <summary>The most bytes of a request's headers.</summary>
    public const int LargestHeaders = 16 << 10;

    /// <summary>How long a client may take over its headers.</summary>
    public static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(5);

    /// <summary>How long a client may take over reading anything at all of an answer that goes on.</summary>
    public static readonly TimeSpan ReadsWithin = TimeSpan.FromSeconds(10);

    /// <summary>The most who follow events of a node at a time.</summary>
    public const int MostFollowers = 200;

    /// <summary>How long a stream of events lasts at most; whoever follows then begins anew.</summary>
    public static readonly TimeSpan LongestFollowing = TimeSpan.FromHours(1);

    /// <summary>Sets them.</summary>
    public static void Apply(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        var limits = options.Limits;
        limits.MaxRequestBodySize = LargestBody;
        limits.MaxRequestHeadersTotalSize = LargestHeaders;
        limits.MaxRequestHeaderCount = 50;
        limits.MaxRequestLineSize = 8 << 10; // A video's id may have 512 characters, each of them up to 9 when it is encoded.
        limits.RequestHeadersTimeout = HeadersWithin;
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        limits.MaxConcurrentConnections = 256;
        limits.MaxConcurrentUpgradedConnections = 0;
    }
}
