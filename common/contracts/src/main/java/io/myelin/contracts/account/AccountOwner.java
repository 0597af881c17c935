package io.myelin.contracts.account;

import java.util.UUID;

/** An instance of account-server that owns shards; {@link AccountCommands} calls it. */
public interface AccountOwner {

    /**
     * Executes a command once and waits until the decision is committed.
     *
     * @param id the same if the command is repeated: then the answer is the same, too
     * @param deadline milliseconds since the epoch, after which it is not decided any more
     * @throws io.myelin.contracts.NotOwner if another instance owns the user's shard
     * @throws io.myelin.contracts.Unavailable if it is not known whether it was decided; the call may be repeated
     */
    AccountAnswer decide(AccountCommand command, UUID id, long deadline);
}
