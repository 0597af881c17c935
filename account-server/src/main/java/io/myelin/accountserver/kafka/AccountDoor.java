package io.myelin.accountserver.kafka;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommands;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The door to the owner of a user's shard in this process. While the shard is on its way from one owner to the next, the
 * same command is put again, with the same id, until its deadline.
 */
public final class AccountDoor implements AccountCommands {
    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 500;
    private static final long ATTEMPT_MILLIS = 5_000;
    private static final long TOLD_MILLIS = 1_000;

    /** {@link io.myelin.kafka.ShardService#ask}. */
    @FunctionalInterface
    public interface Owner {
        CompletableFuture<byte[]> ask(int shard, UUID id, long deadlineMillis, AccountCommand command);
    }

    /** {@link io.myelin.kafka.Tail#await}. */
    @FunctionalInterface
    public interface Follower {
        CompletableFuture<Void> await(int shard, long seq);
    }

    private final int shards;
    private final Duration patience;
    private final Owner owner;
    private final Follower follower;

    /** @param follower of what was decided, in this process: a session that has ended is known to be over here */
    public AccountDoor(int shards, Duration patience, Owner owner, Follower follower) {
        this.shards = shards;
        this.patience = patience;
        this.owner = owner;
        this.follower = follower;
    }

    @Override
    public AccountAnswer execute(UUID id, AccountCommand command) {
        int shard = Partitions.of(command.user().value(), shards);
        AccountAnswer answer = Cbor.decode(ask(shard, id, command), AccountAnswer.class);
        if (answer instanceof AccountAnswer.Done done && mayEndSessions(command)) {
            tell(shard, done.at().seq());
        }
        return answer;
    }

    private byte[] ask(int shard, UUID id, AccountCommand command) {
        long deadline = System.currentTimeMillis() + patience.toMillis();
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause)) {
            CompletableFuture<byte[]> answer = owner.ask(shard, id, deadline, command);
            try {
                return answer.get(
                        Math.clamp(deadline - System.currentTimeMillis(), 1, ATTEMPT_MILLIS), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                if (System.currentTimeMillis() + pause >= deadline) {
                    throw new Unavailable("The shard " + shard + " of account-server has no owner here", e);
                }
                pause(pause);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    /** Waits until caches in this process know. Those elsewhere know within a second. */
    private void tell(int shard, long seq) {
        try {
            follower.await(shard, seq).get(TOLD_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException | TimeoutException e) {
            // Committed it is: caches that could not be told ask again within a second.
            return;
        }
    }

    private static boolean mayEndSessions(AccountCommand command) {
        return switch (command) {
            case AccountCommand.Login _,
                    AccountCommand.Logout _,
                    AccountCommand.ChangePassword _,
                    AccountCommand.Deactivate _ -> true;
            case AccountCommand.Register _,
                    AccountCommand.RenameDevice _,
                    AccountCommand.SetProfileField _,
                    AccountCommand.SetAccountData _,
                    AccountCommand.SetTag _,
                    AccountCommand.CreateFilter _,
                    AccountCommand.Unknown _ -> false;
        };
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static Unavailable interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Unavailable("The server is stopping", e);
    }
}
