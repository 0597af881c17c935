package io.myelin.settings;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The certificate of the federation port, and whom this server trusts. */
public record TlsSettings(
        @Setting("The certificate and its chain, PEM. Without one the server makes a certificate of its own, "
                + "which other servers do not trust.")
        @Nullable
        Path certificate,

        @Setting("The certificate's private key, PEM (PKCS#8, PKCS#1 or SEC 1), not encrypted.") @Nullable
        Path privateKey,

        @Setting("Certificates, PEM, to trust for outgoing connections besides those that Java trusts.") @Nullable
        Path trustedCertificates) {}
