package io.myelin.accountserver.registration;

import io.myelin.accountserver.authentication.Completed;
import io.myelin.accountserver.authentication.EmailStage;
import io.myelin.accountserver.authentication.ProvenEmail;
import io.myelin.accountserver.authentication.TermsStage;
import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.ThirdPartyIds;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.time.InstantSource;
import java.util.function.Predicate;

/** Keeps what a new user has proven while registering: the email address, and the terms that they agreed to. */
public final class Agreements {
    private final Store store;
    private final ThirdPartyIds addresses;
    private final Predicate<String> confirmations;
    private final InstantSource clock;

    /** Keeps who agreed to what. */
    @FunctionalInterface
    public interface Store {
        void agreed(UserId user, String version, long now);
    }

    /** @param confirmations uses up a confirmation of an address, by its ID; tells whether it was not used before */
    public Agreements(Store store, ThirdPartyIds addresses, Predicate<String> confirmations, InstantSource clock) {
        this.store = store;
        this.addresses = addresses;
        this.confirmations = confirmations;
        this.clock = clock;
    }

    /**
     * Uses up the confirmation of the address, so that it is good for one user. Called before the user is registered.
     *
     * @param isFirst false for a repeated request, whose confirmation is used up already
     * @throws MatrixException if the address belongs to another user, or its confirmation was used
     */
    public void claim(UserId user, Completed completed, boolean isFirst) {
        String proof = completed.proof(EmailStage.TYPE).orElse(null);
        if (proof == null) {
            return;
        }
        ProvenEmail proven = ProvenEmail.of(proof).orElseThrow(Agreements::usedAlready);
        boolean belongsToAnother = addresses
                .owner(ThirdPartyId.email(proven.address()))
                .filter(owner -> !owner.equals(user))
                .isPresent();
        if (belongsToAnother) {
            throw new MatrixException(400, "M_THREEPID_IN_USE", "The address is in use already.");
        }
        if (!confirmations.test(proven.sid()) && isFirst) {
            throw usedAlready();
        }
    }

    private static MatrixException usedAlready() {
        return new MatrixException(
                403, "M_FORBIDDEN", "The confirmation of the address was used already. Confirm it again.");
    }

    /** May be repeated. An address that has become another user's meanwhile stays theirs. */
    public void registered(UserId user, Completed completed) {
        long now = clock.millis();
        completed.proof(TermsStage.TYPE).ifPresent(version -> store.agreed(user, version, now));
        completed
                .proof(EmailStage.TYPE)
                .flatMap(ProvenEmail::of)
                .ifPresent(proven -> addresses.add(user, ThirdPartyId.email(proven.address()), now, now));
    }
}
