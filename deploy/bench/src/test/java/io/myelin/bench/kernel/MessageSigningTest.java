package io.myelin.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.event.EventHashes;
import io.myelin.matrix.event.EventSignatures;
import io.myelin.matrix.id.ServerName;
import org.junit.jupiter.api.Test;

class MessageSigningTest {

    private final MessageSigning kernel = new MessageSigning();

    @Test
    void makesAnEventOfOneKilobyteWithAValidHashAndSignature() {
        var event = kernel.canonicaliseHashAndSign();
        assertThat(event.bytes()).hasSize(1_024);
        assertThat(EventHashes.contentHashMatches(event.json())).isTrue();
        assertThat(EventSignatures.verify(
                        event.version(),
                        event.json(),
                        new ServerName("server.example"),
                        "ed25519:bench",
                        kernel.verifyKey()))
                .isTrue();
    }

    @Test
    void partsAreThoseOfTheWhole() {
        var event = kernel.canonicaliseHashAndSign();
        assertThat(kernel.canonicalise()).isEqualTo(event.bytes());
        assertThat(event.json().object("hashes").orElseThrow().string("sha256"))
                .contains(UnpaddedBase64.encode(kernel.canonicaliseAndHash()));
    }
}
