package io.myelin.roomserver.federated;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.json.JsonObject;
import io.myelin.roomserver.federated.MalformedPdu.Refusal;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * One way in which an event can be wrong.
 *
 * @param fits whether the event can be made wrong in this way
 */
record Flaw(String name, Refusal refusal, Predicate<Pdu> fits, Spoiling spoiling) {
    /** Turns a valid event into one with this flaw. */
    @FunctionalInterface
    interface Spoiling {
        byte[] spoil(Pdu event, Random random);
    }

    /** As above, if the outcome is still JSON. */
    @FunctionalInterface
    interface Change {
        JsonObject change(Pdu event, Random random);
    }

    static Flaw ofBytes(String name, Spoiling spoiling) {
        return new Flaw(name, Refusal.FORMAT, _ -> true, spoiling);
    }

    static Flaw ofJson(String name, Refusal refusal, Change change) {
        return new Flaw(
                name,
                refusal,
                _ -> true,
                (event, random) -> change.change(event, random).toString().getBytes(UTF_8));
    }

    Flaw where(Predicate<Pdu> condition) {
        return new Flaw(name, refusal, fits.and(condition), spoiling);
    }

    Optional<MalformedPdu> in(Pdu event, Random random) {
        return fits.test(event)
                ? Optional.of(new MalformedPdu(event, name, refusal, spoiling.spoil(event, random)))
                : Optional.empty();
    }
}
