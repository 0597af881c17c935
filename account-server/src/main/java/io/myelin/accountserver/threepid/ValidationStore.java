package io.myelin.accountserver.threepid;

import java.util.Optional;

/** Keeps validations. Times are milliseconds since the epoch. */
public interface ValidationStore {

    /** @param isNewAttempt whether the mail is still to be sent for this attempt */
    record Begun(String sid, boolean isNewAttempt) {}

    /**
     * Keeps a validation, or raises the attempt of the one with the same purpose, address and secret: of several requests
     * with one attempt, one sends the mail. An expired one begins anew. One that is confirmed
     * already stays valid for no longer than before.
     */
    Begun begin(Validation wanted, long now);

    /** The mail could not be sent: the same attempt may be made again. */
    void forgetAttempt(String sid);

    /** @return whether it was there, confirmed */
    boolean deleteConfirmed(String sid, Validation.Purpose purpose, long now);

    void confirm(String sid, long now);

    /** Empty if it has expired, or never existed. */
    Optional<Validation> find(String sid, long now);
}
