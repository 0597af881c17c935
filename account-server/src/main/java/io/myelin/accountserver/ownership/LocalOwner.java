package io.myelin.accountserver.ownership;

import io.myelin.accountserver.account.AccountChange;
import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.NotOwner;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountOwner;
import io.myelin.contracts.account.ToDeviceCommand;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.server.ShardServer;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Hands commands to the shards that this process owns. */
public final class LocalOwner implements AccountOwner {
    private static final long ATTEMPT_MILLIS = 5_000;

    private final int shards;
    private final ShardServer<UserState, AccountCommand, AccountChange> server;

    public LocalOwner(int shards, ShardServer<UserState, AccountCommand, AccountChange> server) {
        this.shards = shards;
        this.server = server;
    }

    @Override
    public AccountAnswer decide(AccountCommand command, UUID id, long deadline) {
        int shard = Partitions.of(command.entity(), shards);
        if (!server.owns(shard)) {
            throw new NotOwner(shard, null);
        }
        long patience = Math.clamp(deadline - System.currentTimeMillis(), 1, ATTEMPT_MILLIS);
        try {
            byte[] answer = server.service()
                    .ask(shard, id, deadline, transaction(command), command)
                    .get(patience, TimeUnit.MILLISECONDS);
            return Cbor.decode(answer, AccountAnswer.class);
        } catch (ExecutionException | TimeoutException e) {
            throw new Unavailable("account-server has not decided yet", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("The server is stopping", e);
        }
    }

    /** The name under which the command's answer is kept, so that a repetition under another ID does nothing more. */
    private static @Nullable TransactionKey transaction(AccountCommand command) {
        return command instanceof ToDeviceCommand.SendToDevice send && send.transaction() != null
                ? TransactionKey.of(send.transaction())
                : null;
    }
}
