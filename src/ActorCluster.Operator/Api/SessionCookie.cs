using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ActorCluster.Operator;

/// <summary>
/// What a browser keeps instead of the token: when it expires, and a code over that which only those can make who have the token (HMAC-SHA-256). No node remembers any, so that one is good
/// on every node with the same token, and on none with another.
/// </summary>
/// <param name="token">The token.</param>
internal sealed class SessionCookie(string token)
{
    /// <summary>Its name.</summary>
    public const string Name = "actorcluster-session";

    /// <summary>How long it is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private const int LongestValue = 100;
    private const string Purpose = "actorcluster session until ";
    private readonly byte[] _key = Encoding.UTF8.GetBytes(token);

    /// <summary>Makes one.</summary>
    /// <param name="now">Now.</param>
    public string Issue(DateTimeOffset now) => Make((now + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    /// <summary>Judges one.</summary>
    /// <param name="value">What a request brings.</param>
    /// <param name="now">Now.</param>
    /// <returns>True for one that is good, null for one that has expired, false for one that was made by somebody without the token.</returns>
    public bool? Judge(string value, DateTimeOffset now)
    {
        if (value.Length > LongestValue || value.Split('.') is not [var until, _] || !long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return false;
        }

        return !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(Make(until))) ? false
            : now.ToUnixTimeSeconds() < seconds ? true
            : null;
    }

    private string Make(string until) => $"{until}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(Purpose + until)))}";
}
