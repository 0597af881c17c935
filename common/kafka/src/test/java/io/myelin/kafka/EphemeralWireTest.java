package io.myelin.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.engine.ephemeral.Publication;
import io.myelin.engine.ephemeral.Version;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EphemeralWireTest {
    private static final Version VERSION = new Version(1L << 40 | 7, 42);

    private static byte[] encode(Publication<String> publication) {
        return EphemeralWire.encode(publication, value -> value.getBytes(UTF_8));
    }

    private static Optional<Publication<String>> decode(byte[] bytes) {
        return EphemeralWire.decode(bytes, value -> new String(value, UTF_8), value -> "key of " + value);
    }

    @Test
    void aValueTravelsWithItsVersion() {
        assertThat(decode(encode(new Publication.Value<>(VERSION, "key of this", "this"))))
                .contains(new Publication.Value<>(VERSION, "key of this", "this"));
    }

    @Test
    void aMarkHasNoValue() {
        assertThat(decode(encode(new Publication.Mark<>(VERSION)))).contains(new Publication.Mark<>(VERSION));
    }

    @Test
    void aLaterFormIsPassedOver() {
        byte[] later = encode(new Publication.Mark<>(VERSION));
        later[0] = 2;
        assertThat(decode(later)).isEmpty();
        byte[] otherKind = encode(new Publication.Mark<>(VERSION));
        otherKind[1] = 9;
        assertThat(decode(otherKind)).isEmpty();
        assertThat(decode(new byte[3])).isEmpty();
    }
}
