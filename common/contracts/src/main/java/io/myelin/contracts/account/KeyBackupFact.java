package io.myelin.contracts.account;

import io.myelin.matrix.id.UserId;

/**
 * A version of a user's key backup is new, has other keys, or is gone. It has no place in the log: nobody follows backups, and
 * a replay has a hole instead.
 *
 * @param etag counts the changes of the version's keys
 */
public record KeyBackupFact(UserId user, long version, long etag) implements AccountFact {}
