using System.Security.Cryptography;
using System.Text;

namespace PaliGguf.Server.Security;

/// <summary>The keys that open the server.</summary>
internal sealed class ApiKeys(IEnumerable<string> keys)
{
    private const string Scheme = "Bearer ";

    // Digests are all of one length, so that comparing takes the same time for every key.
    private readonly byte[][] _digests = [.. keys.Select(key => SHA256.HashData(Encoding.UTF8.GetBytes(key)))];

    /// <summary>Whether a key is needed.</summary>
    public bool Required => _digests.Length > 0;

    /// <summary>Which key an Authorization header carries.</summary>
    /// <returns>Its index, or -1 for none of them.</returns>
    public int Find(string authorization)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return -1;
        byte[] given = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()));
        int found = -1;
        for (int index = 0; index < _digests.Length; index++)
        {
            if (CryptographicOperations.FixedTimeEquals(given, _digests[index])) found = index;
        }

        return found;
    }
}
