package io.myelin.contracts.account;

import java.util.UUID;

/** The door to account-server. */
public interface AccountCommands {

    /**
     * Has a command decided and waits until that is committed. Repeating it with the same id gives the same answer.
     *
     * @throws io.myelin.contracts.Unavailable if it could not be decided in time
     */
    AccountAnswer execute(UUID id, AccountCommand command);
}
