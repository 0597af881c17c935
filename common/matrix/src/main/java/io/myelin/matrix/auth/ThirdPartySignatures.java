package io.myelin.matrix.auth;

import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The signatures of a third-party invite, and the keys that they may have been made with. An identity server gives an
 * invitation two keys and signs it once.
 *
 * <p>A signature does not name the key it was made with, so the rules demand that every key is tried with every signature.
 * The sender of the two events chooses how many there are: 900 keys and 350 signatures would take 315,000 verifications. So
 * only the first {@value #MOST_KEYS} different keys and the first {@value #MOST_SIGNATURES} different signatures count, for
 * events of every server. Beyond these limits servers can disagree about an invitation, but not about an honest one. They
 * disagree about such invitations anyway, since some try only the first signature.
 */
public final class ThirdPartySignatures {
    /** How many public keys of an {@code m.room.third_party_invite} count. */
    public static final int MOST_KEYS = 8;

    /** How many signatures of {@code third_party_invite.signed} count. */
    public static final int MOST_SIGNATURES = 4;

    private static final String ED25519 = "ed25519:";

    /** @param signature a signature that may be by the key */
    record Candidate(VerifyKey key, byte[] signature) {}

    private final JsonObject signed;
    private final JsonObject invite;

    /** @param invite the content of the {@code m.room.third_party_invite} */
    ThirdPartySignatures(JsonObject signed, JsonObject invite) {
        this.signed = signed;
        this.invite = invite;
    }

    boolean hasValidOne() {
        List<Candidate> candidates = candidates();
        if (candidates.isEmpty()) {
            return false;
        }
        byte[] message = SignedJson.signedBytes(signed);
        return candidates.stream().anyMatch(candidate -> candidate.key().verify(message, candidate.signature()));
    }

    /**
     * The keys of an invite, with the URLs at which their validity is asked for, that a proof was signed with.
     *
     * @param signed the proof, with its signatures
     * @param invite the content of the {@code m.room.third_party_invite}
     * @return objects with {@code public_key} and perhaps {@code key_validity_url}
     */
    public static List<JsonObject> provenKeys(JsonObject signed, JsonObject invite) {
        byte[] message = SignedJson.signedBytes(signed);
        List<byte[]> signatures = new ThirdPartySignatures(signed, invite).signatures();
        Stream<JsonObject> several = invite.array("public_keys").orElse(JsonArray.EMPTY).stream()
                .mapMulti((entry, sink) -> {
                    if (entry instanceof JsonObject key) {
                        sink.accept(key);
                    }
                });
        return Stream.concat(Stream.of(invite), several)
                .filter(key -> key.has("public_key"))
                .limit(MOST_KEYS)
                .filter(distinct(new HashSet<>()))
                .filter(entry -> entry.string("public_key").flatMap(VerifyKey::tryFromBase64).stream()
                        .anyMatch(key -> signatures.stream().anyMatch(signature -> key.verify(message, signature))))
                .toList();
    }

    private static Predicate<JsonObject> distinct(Set<String> seen) {
        return key -> seen.add(key.string("public_key").orElse(""));
    }

    /** All pairs of a key and a signature that may have to be verified. */
    List<Candidate> candidates() {
        List<VerifyKey> keys = keys();
        List<Candidate> candidates = new ArrayList<>();
        for (byte[] signature : signatures()) {
            keys.forEach(key -> candidates.add(new Candidate(key, signature)));
        }
        return candidates;
    }

    /** How many public keys there are, whether they count or not. */
    public static int countKeys(JsonObject invite) {
        return (invite.has("public_key") ? 1 : 0)
                + invite.array("public_keys").orElse(JsonArray.EMPTY).size();
    }

    /** How many signatures there are, whether they count or not. */
    public static int countSignatures(JsonObject signed) {
        JsonObject signatures = signed.object("signatures").orElse(JsonObject.EMPTY);
        int count = 0;
        for (String entity : signatures.names()) {
            count += signatures.object(entity).map(JsonObject::size).orElse(1);
        }
        return count;
    }

    private List<VerifyKey> keys() {
        Stream<String> one = invite.string("public_key").stream(); // 5.4.1.7.1
        Stream<String> several = invite.array("public_keys").orElse(JsonArray.EMPTY).stream() // 5.4.1.7.2
                .mapMulti((entry, sink) -> {
                    if (entry instanceof JsonObject key) {
                        key.string("public_key").ifPresent(sink);
                    }
                });
        return Stream.concat(one, several)
                .distinct()
                .limit(MOST_KEYS)
                .flatMap(encoded -> VerifyKey.tryFromBase64(encoded).stream())
                .toList();
    }

    private List<byte[]> signatures() {
        JsonObject entities = signed.object("signatures").orElse(JsonObject.EMPTY);
        Set<String> seen = new HashSet<>();
        List<byte[]> signatures = new ArrayList<>();
        for (String entity : entities.names()) {
            JsonObject keys = entities.object(entity).orElse(JsonObject.EMPTY);
            for (String keyId : keys.names()) {
                if (signatures.size() < MOST_SIGNATURES
                        && keyId.startsWith(ED25519)
                        && seen.add(keys.string(keyId).orElse(""))) {
                    SignedJson.signature(signed, entity, keyId).ifPresent(signatures::add);
                }
            }
        }
        return signatures;
    }
}
