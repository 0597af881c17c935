package io.myelin.accountserver.registration;

import io.myelin.accountserver.authentication.Completed;
import io.myelin.accountserver.authentication.EmailStage;
import io.myelin.accountserver.authentication.MsisdnStage;
import io.myelin.accountserver.authentication.ProvenAddress;
import io.myelin.accountserver.authentication.TermsStage;
import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.ThirdPartyIds;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.time.InstantSource;
import java.util.Map;

/** Keeps what a new user has proven while registering: the address, and the terms that they agreed to. */
public final class Agreements {
    /** The stages that prove an address, with its medium. */
    private static final Map<String, String> MEDIA =
            Map.of(EmailStage.TYPE, ThirdPartyId.EMAIL, MsisdnStage.TYPE, ThirdPartyId.MSISDN);

    private final Store store;
    private final ThirdPartyIds addresses;
    private final Confirmations confirmations;
    private final InstantSource clock;

    /** Keeps who agreed to what. */
    @FunctionalInterface
    public interface Store {
        void agreed(UserId user, String version, long now);
    }

    /** The confirmations of addresses. */
    @FunctionalInterface
    public interface Confirmations {
        /** Uses up a confirmation, by its ID; tells whether it was not used before. */
        boolean useUp(String medium, String sid);
    }

    public Agreements(Store store, ThirdPartyIds addresses, Confirmations confirmations, InstantSource clock) {
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
        for (Map.Entry<String, String> medium : MEDIA.entrySet()) {
            completed
                    .proof(medium.getKey())
                    .ifPresent(proof -> claim(
                            user,
                            medium.getValue(),
                            ProvenAddress.of(proof).orElseThrow(Agreements::usedAlready),
                            isFirst));
        }
    }

    private void claim(UserId user, String medium, ProvenAddress proven, boolean isFirst) {
        boolean belongsToAnother = addresses
                .owner(ThirdPartyId.of(medium, proven.address()))
                .filter(owner -> !owner.equals(user))
                .isPresent();
        if (belongsToAnother) {
            throw new MatrixException(400, "M_THREEPID_IN_USE", "The address is in use already.");
        }
        if (!confirmations.useUp(medium, proven.sid()) && isFirst) {
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
        MEDIA.forEach((stage, medium) -> completed
                .proof(stage)
                .flatMap(ProvenAddress::of)
                .ifPresent(proven -> addresses.add(user, ThirdPartyId.of(medium, proven.address()), now, now)));
    }
}
