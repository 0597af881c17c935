package io.myelin.roomserver.receive;

import io.myelin.contracts.room.RoomCommand.ServerKey;
import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.event.EventSignatures;
import io.myelin.matrix.event.KeyValidity;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.event.RequiredSignatures;
import io.myelin.matrix.id.ServerName;
import java.util.List;
import java.util.Optional;

/** Check 2: the servers that must sign the event must have done so. If not, it is dropped. */
public final class SignatureCheck {

    private SignatureCheck() {}

    /**
     * How many keys of one server are tried, of those that were valid when the event was sent. A server usually has one key,
     * and two while it changes keys. But it can publish as many as it likes, and the sender chooses which signatures an
     * event bears.
     */
    static final int MOST_KEYS_OF_A_SERVER = 4;

    /** @param keys of any servers; a signature whose key is missing does not count */
    public static Optional<Failure> check(Pdu event, List<ServerKey> keys, Work work) {
        for (ServerName server : RequiredSignatures.of(event)) {
            boolean isSigned = keys.stream()
                    .filter(key -> key.server().equals(server) && bearsSignatureBy(event, key) && covers(key, event))
                    .limit(MOST_KEYS_OF_A_SERVER)
                    .peek(_ -> work.charge(Work.VERIFICATION))
                    .anyMatch(key -> isSigned(event, key));
            if (!isSigned) {
                return Optional.of(new Failure("The event bears no valid signature of " + server + "."));
            }
        }
        return Optional.empty();
    }

    private static boolean bearsSignatureBy(Pdu event, ServerKey key) {
        return SignedJson.signature(event.json(), key.server().value(), key.keyId())
                .isPresent();
    }

    private static boolean covers(ServerKey key, Pdu event) {
        return new KeyValidity(key.validUntil()).covers(event);
    }

    private static boolean isSigned(Pdu event, ServerKey key) {
        VerifyKey verifyKey;
        try {
            verifyKey = VerifyKey.of(key.key());
        } catch (IllegalArgumentException noKey) {
            return false;
        }
        return EventSignatures.verify(event.version(), event.json(), key.server(), key.keyId(), verifyKey);
    }
}
