package io.myelin.kafka;

import io.myelin.engine.ephemeral.Publication;
import io.myelin.engine.ephemeral.Version;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;

/**
 * The format of an ephemeral service's records: form, kind, epoch, number, and the encoded value unless the record is a
 * mark.
 */
final class EphemeralWire {

    private static final byte FORM = 1;
    private static final byte MARK = 0;
    private static final byte VALUE = 1;
    private static final int HEAD = 1 + 1 + 8 + 8;

    private EphemeralWire() {}

    static <V> byte[] encode(Publication<V> publication, Function<V, byte[]> encode) {
        return switch (publication) {
            case Publication.Mark<V> mark -> head(MARK, mark.version(), new byte[0]);
            case Publication.Value<V> value -> head(VALUE, value.version(), encode.apply(value.value()));
        };
    }

    private static byte[] head(byte kind, Version version, byte[] value) {
        return ByteBuffer.allocate(HEAD + value.length)
                .put(FORM)
                .put(kind)
                .putLong(version.epoch())
                .putLong(version.n())
                .put(value)
                .array();
    }

    /** Decodes a record; empty if it has a later form. */
    static <V> Optional<Publication<V>> decode(byte[] bytes, Function<byte[], V> decode, Function<V, String> key) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length < HEAD || buffer.get() != FORM) {
            return Optional.empty();
        }
        byte kind = buffer.get();
        Version version = new Version(buffer.getLong(), buffer.getLong());
        return switch (kind) {
            case MARK -> Optional.of(new Publication.Mark<>(version));
            case VALUE -> {
                byte[] encoded = new byte[buffer.remaining()];
                buffer.get(encoded);
                V value = decode.apply(encoded);
                yield Optional.of(new Publication.Value<>(version, key.apply(value), value));
            }
            default -> Optional.empty();
        };
    }
}
