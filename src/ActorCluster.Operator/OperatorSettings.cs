using System.Net;
using System.Net.Sockets;

namespace ActorCluster.Operator;

/// <summary>Where a node answers its operators.</summary>
public sealed class OperatorSettings
{
    /// <summary>The port that commands look at unless told otherwise.</summary>
    public const int DefaultPort = 9110;

    /// <summary>The value of <see cref="Port"/> that stands for no endpoint at all.</summary>
    public const int NoPort = -1;

    /// <summary>The fewest characters of a token.</summary>
    public const int ShortestToken = 16;

    /// <summary>The most characters of a token.</summary>
    public const int LongestToken = 1024;

    /// <summary>The name or address to listen on.</summary>
    public string Hostname { get; init; } = "127.0.0.1";

    /// <summary>The TCP port; 0 for any free one, <see cref="NoPort"/> for no endpoint.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>What requests must bring as <c>Authorization: Bearer</c>; null for none, which only loopback allows.</summary>
    public string? Token { get; init; }

    /// <summary>The file of the certificate (PEM, those that signed it behind it) with which it speaks TLS; null for plain HTTP.</summary>
    public string? Certificate { get; init; }

    /// <summary>The file of the certificate's private key (PEM).</summary>
    public string? Key { get; init; }

    /// <summary>What predictions of uploaded videos may cost.</summary>
    public PredictSettings Predict { get; init; } = new();

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => IsLoopbackName(Hostname);

    /// <summary>Whether a text can be a token: visible ASCII, as a header carries it.</summary>
    public static bool IsToken(string text) => text.Length is >= ShortestToken and <= LongestToken && text.All(c => c is > ' ' and < '\u007f');

    /// <summary>Whether a host's name or address, IPv6 with or without brackets, is this machine's own by itself.</summary>
    internal static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>The address to listen on.</summary>
    /// <exception cref="SocketException">The name has none.</exception>
    internal async Task<IPAddress> AddressAsync()
    {
        if (IPAddress.TryParse(Hostname, out var address))
        {
            return address;
        }

        if (IsLoopback)
        {
            return IPAddress.Loopback;
        }

        var found = await Dns.GetHostAddressesAsync(Hostname);
        return found.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? found.FirstOrDefault() ?? throw new SocketException((int)SocketError.HostNotFound);
    }
}
