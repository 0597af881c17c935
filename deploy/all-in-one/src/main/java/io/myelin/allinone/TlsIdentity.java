package io.myelin.allinone;

import io.myelin.embedded.DataDirectory;
import io.myelin.web.config.MyelinProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** The certificate that the federation port shows: the configured one, else one made at the first start. */
final class TlsIdentity {
    private TlsIdentity() {}

    static KeyStore keyStore(MyelinProperties properties, DataDirectory data) {
        var tls = properties.tls();
        if (tls.certificate() != null && tls.privateKey() != null) {
            return keyStore(tls.certificate(), tls.privateKey());
        }
        var directory = data.path().resolve("tls");
        var certificate = directory.resolve("self-signed.crt");
        var privateKey = directory.resolve("self-signed.key");
        if (!Files.exists(certificate)) {
            SelfSignedCertificate.create(host(properties.serverName()), certificate, privateKey);
        }
        return keyStore(certificate, privateKey);
    }

    private static KeyStore keyStore(Path certificate, Path privateKey) {
        try {
            var details = PemSslStoreDetails.forCertificate(Files.readString(certificate))
                    .withPrivateKey(Files.readString(privateKey));
            var store = new PemSslStoreBundle(details, null).getKeyStore();
            if (store == null) {
                throw new IllegalStateException(certificate + " has no certificate");
            }
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException("The TLS certificate cannot be read: " + e.getMessage(), e);
        }
    }

    /** A server's name without its port. */
    private static String host(String serverName) {
        return serverName.replaceFirst(":[0-9]+$", "").replaceAll("[\\[\\]]", "");
    }
}
