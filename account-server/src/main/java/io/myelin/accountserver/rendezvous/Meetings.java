package io.myelin.accountserver.rendezvous;

import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.web.MatrixException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Opens places for two devices, which exist for a short time. */
public final class Meetings {
    /** The size of a text. */
    public static final int MAX_BYTES = 4_096;

    private static final int ID_BYTES = 18;
    private static final int ID_CHARACTERS = 24;
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final int NONCE_BYTES = 8;

    private final MeetingStore store;
    private final String protocol;
    private final Duration validity;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param protocol whose places these are: no other's are found here
     * @param validity how long a place exists
     * @param random cannot be guessed
     */
    public Meetings(
            MeetingStore store, String protocol, Duration validity, InstantSource clock, RandomGenerator random) {
        this.store = store;
        this.protocol = protocol;
        this.validity = validity;
        this.clock = clock;
        this.random = random;
    }

    public Rendezvous open(String data) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        long now = clock.millis();
        Rendezvous opened =
                new Rendezvous(UnpaddedBase64.encodeUrlSafe(id), data, token(data), now, now + validity.toMillis());
        if (!store.insert(protocol, opened)) {
            throw MatrixException.tooMany("Too many devices meet here now.", RETRY);
        }
        return opened;
    }

    /** Empty if there is no such place, or not any more. */
    public Optional<Rendezvous> find(String id) {
        return isId(id) ? store.find(protocol, id, clock.millis()) : Optional.empty();
    }

    /** What came of an attempt to leave a text. */
    public sealed interface Left {
        /** The text is there; also if it was left before, by the same request. */
        record Done(Rendezvous now) implements Left {}

        /** Somebody has left another text meanwhile. */
        record Overtaken(Rendezvous now) implements Left {}

        record Gone() implements Left {}
    }

    /** @param seen the token of the state that the text replaces */
    public Left leave(String id, String seen, String data) {
        if (!isId(id)) {
            return new Left.Gone();
        }
        long now = clock.millis();
        if (store.replace(protocol, id, seen, data, token(data), now)) {
            return find(id).<Left>map(Left.Done::new).orElseGet(Left.Gone::new);
        }
        return find(id).<Left>map(other ->
                        store.isRepeated(protocol, id, seen, data) ? new Left.Done(other) : new Left.Overtaken(other))
                .orElseGet(Left.Gone::new);
    }

    /** @return whether there was such a place */
    public boolean close(String id) {
        return isId(id) && store.delete(protocol, id, clock.millis());
    }

    /** What is no ID is not looked up. */
    private static boolean isId(String id) {
        return id.length() == ID_CHARACTERS
                && id.chars()
                        .allMatch(c -> c >= 'a' && c <= 'z'
                                || c >= 'A' && c <= 'Z'
                                || c >= '0' && c <= '9'
                                || c == '-'
                                || c == '_');
    }

    /** No two states have the same token, even with the same text. */
    private String token(String data) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        String text = UnpaddedBase64.encodeUrlSafe(nonce) + data;
        return UnpaddedBase64.encodeUrlSafe(Sha256.hash(text.getBytes(StandardCharsets.UTF_8)));
    }
}
