package io.myelin.accountserver.authentication;

import java.util.Optional;

/**
 * What {@link EmailStage} and {@link MsisdnStage} prove: which confirmation of an address the client has presented. It is used up with the
 * operation, and no other confirmation of the same address is.
 *
 * @param sid of the confirmation
 */
public record ProvenAddress(String sid, String address) {
    private static final char BETWEEN = ' '; // In no ID.

    /** Reads {@link #proof}; empty for one that does not name its confirmation. */
    public static Optional<ProvenAddress> of(String proof) {
        int end = proof.indexOf(BETWEEN);
        return end < 0
                ? Optional.empty()
                : Optional.of(new ProvenAddress(proof.substring(0, end), proof.substring(end + 1)));
    }

    /** As a session keeps it. */
    String proof() {
        return sid + BETWEEN + address;
    }
}
