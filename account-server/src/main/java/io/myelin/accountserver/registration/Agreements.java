package io.myelin.accountserver.registration;

import io.myelin.accountserver.authentication.Completed;
import io.myelin.accountserver.authentication.EmailStage;
import io.myelin.accountserver.authentication.TermsStage;
import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.ThirdPartyIds;
import io.myelin.matrix.id.UserId;
import java.time.InstantSource;

/** Keeps what a new user has proven while registering: the email address, and the terms that they agreed to. */
public final class Agreements {
    private final Store store;
    private final ThirdPartyIds addresses;
    private final InstantSource clock;

    /** Keeps who agreed to what. */
    @FunctionalInterface
    public interface Store {
        void agreed(UserId user, String version, long now);
    }

    public Agreements(Store store, ThirdPartyIds addresses, InstantSource clock) {
        this.store = store;
        this.addresses = addresses;
        this.clock = clock;
    }

    /** May be repeated. An address that has become another user's meanwhile stays theirs. */
    public void registered(UserId user, Completed completed) {
        long now = clock.millis();
        completed.proof(TermsStage.TYPE).ifPresent(version -> store.agreed(user, version, now));
        completed
                .proof(EmailStage.TYPE)
                .ifPresent(address -> addresses.add(user, ThirdPartyId.email(address), now, now));
    }
}
