using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace PaliGguf.Broker.Connections;

/// <summary>
/// Decides whether a broker is the one that is meant, by the certificate that it shows: its name, and an authority that is trusted. There is
/// no way around it.
/// </summary>
/// <param name="address">The broker.</param>
internal sealed class BrokerCertificate(BrokerAddress address)
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";

    /// <summary>Why the last one that was shown is not accepted; null where it is, or none was.</summary>
    public string? Problem { get; private set; }

    /// <summary>How the client is to see to it.</summary>
    /// <exception cref="PaliException">The file of authorities can not be read, or names none.</exception>
    public SslOption Option()
    {
        X509Certificate2Collection? authorities = address.Authorities is { } file ? Read(file) : null;
        return new SslOption
        {
            Enabled = address.IsEncrypted,
            ServerName = address.Host,
            AcceptablePolicyErrors = SslPolicyErrors.None,
            CertificateValidationCallback = (_, shown, chain, errors) =>
                (Problem = Why(shown as X509Certificate2, chain, errors, authorities)) is null,
        };
    }

    private static X509Certificate2Collection Read(string file)
    {
        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new PaliException($"{file}: the authorities that the broker is trusted by can not be read from it ({e.Message}).", e);
        }

        return authorities.Count > 0 ? authorities
            : throw new PaliException($"{file}: there is no certificate in it (-----BEGIN CERTIFICATE-----) that the broker could be trusted by.");
    }

    private string? Why(X509Certificate2? shown, X509Chain? given, SslPolicyErrors errors, X509Certificate2Collection? authorities)
    {
        if (shown is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return "shows no certificate.";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"shows a certificate for {Names(shown)}, not for {address.Host}: name it as its certificate does, or give it one for "
                + "this name.";
        }

        using X509Chain chain = new();
        X509ChainPolicy policy = chain.ChainPolicy;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.ApplicationPolicy.Add(new Oid(ServerUse));
        // Those between it and the authority, which it shows too.
        if (given is not null) policy.ExtraStore.AddRange(given.ChainPolicy.ExtraStore);
        if (authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        if (chain.Build(shown)) return null;
        bool old = chain.ChainStatus.Any(status => status.Status == X509ChainStatusFlags.NotTimeValid);
        string by = address.Authorities is { } file ? $"those that {file} names" : "those of the system";
        return old ? $"shows a certificate that is good from {shown.NotBefore:u} to {shown.NotAfter:u}, or one of its authorities is out of "
                + "date: renew it."
            : $"shows a certificate of an authority that is not trusted ('{shown.Issuer}', not of {by}): name the authority's file with "
                + "--broker-ca or PALIGGUF_BROKER_CA.";
    }

    private static string Names(X509Certificate2 shown)
    {
        X509SubjectAlternativeNameExtension? names = shown.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        string[] all = names is null ? [] : [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(ip => ip.ToString())];
        return all.Length > 0 ? string.Join(", ", all) : $"'{shown.Subject}'";
    }
}
