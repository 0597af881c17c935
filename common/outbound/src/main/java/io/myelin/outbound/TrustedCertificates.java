package io.myelin.outbound;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The certificates that are trusted: those that Java trusts, and those of a file. */
public final class TrustedCertificates {
    private TrustedCertificates() {}

    /**
     * The certificates in a file; empty without a file.
     *
     * @throws IllegalStateException if it cannot be read
     */
    public static List<Certificate> read(@Nullable Path pem) {
        if (pem == null) {
            return List.of();
        }
        try (var in = Files.newInputStream(pem)) {
            return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
        } catch (IOException | CertificateException e) {
            throw new IllegalStateException(
                    "The trusted certificates " + pem + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A key store of the certificates that Java trusts, and these. */
    public static KeyStore and(List<? extends Certificate> more) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            var all = new ArrayList<Certificate>(more);
            for (var manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager ofJava) {
                    all.addAll(List.of(ofJava.getAcceptedIssuers()));
                }
            }
            for (int i = 0; i < all.size(); i++) {
                store.setCertificateEntry("trusted-" + i, all.get(i));
            }
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("The trusted certificates cannot be used: " + e.getMessage(), e);
        }
    }
}
