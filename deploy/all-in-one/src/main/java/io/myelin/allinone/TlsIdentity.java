package io.myelin.allinone;

import io.myelin.embedded.DataDirectory;
import io.myelin.settings.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** The certificate of the federation port: the configured one, otherwise a self-signed one made at the first start. */
public final class TlsIdentity {
    private TlsIdentity() {}

    /**
     * The files of certificate and key.
     *
     * @param certificate PEM, with its chain
     * @param privateKey PEM
     */
    public record PemFiles(Path certificate, Path privateKey) {}

    /** The files of the certificate; creates them if there are none. */
    public static PemFiles files(ServerSettings properties, DataDirectory data) {
        var tls = properties.tls();
        if (tls.certificate() != null && tls.privateKey() != null) {
            return new PemFiles(tls.certificate(), tls.privateKey());
        }
        var directory = data.path().resolve("tls");
        var own = new PemFiles(directory.resolve("self-signed.crt"), directory.resolve("self-signed.key"));
        if (!Files.exists(own.certificate())) {
            SelfSignedCertificate.create(host(properties.serverName()), own.certificate(), own.privateKey());
        }
        return own;
    }

    static KeyStore keyStore(ServerSettings properties, DataDirectory data) {
        var files = files(properties, data);
        return keyStore(files.certificate(), files.privateKey());
    }

    private static KeyStore keyStore(Path certificate, Path privateKey) {
        try {
            // The key store never leaves memory, so JKS is enough; it spends no time on strong encryption of its
            // entries.
            var details = new PemSslStoreDetails("JKS", Files.readString(certificate), Files.readString(privateKey))
                    .withPassword("");
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
    static String host(String serverName) {
        return serverName.replaceFirst(":[0-9]+$", "").replaceAll("[\\[\\]]", "");
    }
}
