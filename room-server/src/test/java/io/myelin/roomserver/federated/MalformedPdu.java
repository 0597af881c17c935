package io.myelin.roomserver.federated;

import io.myelin.matrix.event.Pdu;
import java.nio.charset.StandardCharsets;

/**
 * A PDU that arrives in place of a valid event and must be refused.
 *
 * @param original the valid event that it was made of
 * @param flaw the only thing that is wrong with it
 * @param body as on the wire
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record MalformedPdu(Pdu original, String flaw, Refusal refusal, byte[] body) {
    /** The check that must refuse it. */
    public enum Refusal {
        /** The PDU is not an event of this room version: {@link Pdu#parse} refuses it. */
        FORMAT,
        /** A signature that it must bear is missing or wrong. */
        SIGNATURE,
        /** The event is valid, but names another room. */
        ROOM,
        /**
         * The event is valid, but cites an ID that no event of this version can have. {@link Pdu#parse} lets it pass. It may
         * be refused or wait for ever for the cited event, but must not be accepted.
         */
        REFERENCE,
        /**
         * The event is valid, but has U+0000 in its type or state key. No rule forbids that, but PostgreSQL's text cannot
         * hold it, so servers that keep events there have never accepted such an event.
         */
        TEXT
    }

    @Override
    public String toString() {
        int shown = Math.min(body.length, 1_000);
        return flaw + " in " + original + ": " + new String(body, 0, shown, StandardCharsets.UTF_8);
    }
}
