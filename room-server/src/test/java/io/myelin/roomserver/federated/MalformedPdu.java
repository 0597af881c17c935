package io.myelin.roomserver.federated;

import io.myelin.matrix.event.Pdu;
import java.nio.charset.StandardCharsets;

/**
 * What comes in an event's place, and must be refused.
 *
 * @param original the sound event that it was made of
 * @param flaw what is wrong with it, and nothing else is
 * @param body as on the wire
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record MalformedPdu(Pdu original, String flaw, Refusal refusal, byte[] body) {
    /** What gives it away. */
    public enum Refusal {
        /** It is not an event of this room version: {@link Pdu#parse} refuses it. */
        FORMAT,
        /** A signature that it must bear is missing or wrong. */
        SIGNATURE,
        /** It is sound, but says that it is of another room. */
        ROOM,
        /**
         * It is sound, but cites an event by an ID that no event of this version has. {@link Pdu#parse} lets it pass; whether it
         * is refused or waits for what never comes, it must not be accepted.
         */
        REFERENCE,
        /**
         * It is sound, but has U+0000 in its type or state key. No rule forbids that; a text in PostgreSQL cannot hold it, and
         * so nobody who keeps events there has ever accepted one.
         */
        TEXT
    }

    @Override
    public String toString() {
        int shown = Math.min(body.length, 1_000);
        return flaw + " in " + original + ": " + new String(body, 0, shown, StandardCharsets.UTF_8);
    }
}
