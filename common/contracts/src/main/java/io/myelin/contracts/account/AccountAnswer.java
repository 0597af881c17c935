package io.myelin.contracts.account;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;

/** How account-server answers a command. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AccountAnswer.Done.class, name = "done"),
    @JsonSubTypes.Type(value = AccountAnswer.FilterStored.class, name = "filter"),
    @JsonSubTypes.Type(value = AccountAnswer.NonceSpent.class, name = "nonce-spent"),
    @JsonSubTypes.Type(value = AccountAnswer.KeyBackupChanged.class, name = "key-backup"),
    @JsonSubTypes.Type(value = AccountAnswer.WrongKeyBackup.class, name = "wrong-key-backup"),
    @JsonSubTypes.Type(value = AccountAnswer.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = KeyAnswer.KeysStored.class, name = "keys-stored"),
    @JsonSubTypes.Type(value = KeyAnswer.KeysClaimed.class, name = "keys-claimed"),
    @JsonSubTypes.Type(value = KeyAnswer.ProofNeeded.class, name = "proof-needed"),
    @JsonSubTypes.Type(value = KeyAnswer.SignaturesAdded.class, name = "signatures-added"),
})
public sealed interface AccountAnswer
        permits AccountAnswer.Done,
                AccountAnswer.FilterStored,
                AccountAnswer.NonceSpent,
                AccountAnswer.KeyBackupChanged,
                AccountAnswer.WrongKeyBackup,
                AccountAnswer.Refused,
                KeyAnswer {

    /** The command is carried out, as of this position. */
    record Done(Position at) implements AccountAnswer {}

    record FilterStored(Position at, String filterId) implements AccountAnswer {}

    /** The nonce belongs to this spender; no other may use it. */
    record NonceSpent(String spender) implements AccountAnswer {}

    /**
     * A version of the user's key backup after the command.
     *
     * @param count how many keys it has
     */
    record KeyBackupChanged(Position at, long version, long etag, long count) implements AccountAnswer {}

    /** The version is not the current one, which this is: {@code M_WRONG_ROOM_KEYS_VERSION}. */
    record WrongKeyBackup(long current) implements AccountAnswer {}

    record Refused(MatrixError error) implements AccountAnswer {}
}
