package io.myelin.federationsend.transport.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates are believed: those that Java believes, and those of a file. */
public final class TrustedCertificates {
    private TrustedCertificates() {}

    /** @param pem the file, null if there is none */
    public static KeyStore and(@Nullable Path pem) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            var roots = Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
                    .toList();
            for (int i = 0; i < roots.size(); i++) {
                store.setCertificateEntry("java-" + i, roots.get(i));
            }
            if (pem != null) {
                addAll(store, pem);
            }
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException("The trusted certificates cannot be read: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The trusted certificates cannot be used: " + e.getMessage(), e);
        }
    }

    private static void addAll(KeyStore store, Path pem) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(pem)) {
            int count = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("file-" + count++, certificate);
            }
        }
    }
}
