package io.myelin.contracts.account;

import java.util.UUID;

/** An instance of account-server as the owner of shards: what stands behind {@link AccountCommands}. */
public interface AccountOwner {

    /**
     * Has a command decided here, once, and waits until that is committed.
     *
     * @param id the same if the command is repeated: then the answer is the same, too
     * @param deadline milliseconds since the epoch, after which it is not decided any more
     * @throws io.myelin.contracts.NotOwner if the user's shard is another instance's
     * @throws io.myelin.contracts.Unavailable if it is not known whether it was decided; the same may be repeated
     */
    AccountAnswer decide(AccountCommand command, UUID id, long deadline);
}
