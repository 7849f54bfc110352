using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PaliGguf.Broker.Tests.Rabbit;

/// <summary>An authority as a company has its own: it vouches for another, which vouches for servers.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddDays(-1), End = Start.AddDays(30);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name) => _certificate = Authority(name, _key).CreateSelfSigned(Start, End);

    /// <summary>Its certificate.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>A certificate for a server.</summary>
    /// <param name="host">The server's name.</param>
    /// <returns>It, its key, and the certificate of the authority in between.</returns>
    public (string Certificate, string Key, string Between) Issue(string host)
    {
        using ECDsa betweenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 signed = Authority("in between", betweenKey).Create(_certificate, Start, End, [1]);
        using X509Certificate2 between = signed.CopyWithPrivateKey(betweenKey);
        CertificateRequest request = new($"CN={host}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using X509Certificate2 certificate = request.Create(between, Start, End, [2]);
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), between.ExportCertificatePem());
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        return request;
    }
}
