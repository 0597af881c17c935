package io.myelin.contracts.account;

import java.util.UUID;

/** Sends commands to account-server. */
public interface AccountCommands {

    /**
     * Executes a command and waits until the decision is committed. Repeating it with the same id gives the same answer.
     *
     * @throws io.myelin.contracts.Unavailable if it could not be decided in time
     */
    AccountAnswer execute(UUID id, AccountCommand command);
}
