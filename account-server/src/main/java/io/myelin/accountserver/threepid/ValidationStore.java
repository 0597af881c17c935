package io.myelin.accountserver.threepid;

import java.util.Optional;

/** Keeps validations. Times are milliseconds since the epoch. */
public interface ValidationStore {

    /** @param isNewAttempt whether the mail is still to be sent for this attempt */
    record Begun(String sid, boolean isNewAttempt) {}

    /**
     * Keeps a validation, or raises the attempt of the one with the same purpose, address and secret: of several requests
     * with one attempt, one sends the mail. An expired one begins anew.
     */
    Begun begin(Validation wanted, long now);

    /** The mail could not be sent: the same attempt may be made again. */
    void forgetAttempt(String sid);

    /** @return whether there was a confirmed one */
    boolean deleteConfirmed(Validation.Purpose purpose, ThirdPartyId of, long now);

    void confirm(String sid, long now);

    /** Empty if it has expired, or never existed. */
    Optional<Validation> find(String sid, long now);
}
