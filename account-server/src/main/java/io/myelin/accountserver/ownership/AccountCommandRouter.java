package io.myelin.accountserver.ownership;

import io.myelin.contracts.NotOwner;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommands;
import io.myelin.contracts.account.AccountOwner;
import io.myelin.contracts.account.DehydrationCommand;
import io.myelin.contracts.account.InheritRoom;
import io.myelin.contracts.account.KeyBackupCommand;
import io.myelin.contracts.account.KeyCommand;
import io.myelin.contracts.account.ToDeviceCommand;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Sends a command to the owner of the user's shard. While the shard moves from one owner to another, the same command is
 * sent again, with the same id, until its deadline.
 */
public final class AccountCommandRouter implements AccountCommands {
    private static final BackOff PAUSES = pauses(Duration.ofMillis(20), Duration.ofMillis(500));
    private static final long TOLD_MILLIS = 1_000;

    /** Waits until this process has read a shard's output up to a position: {@link io.myelin.kafka.Tail#await}. */
    @FunctionalInterface
    public interface Follower {
        CompletableFuture<Void> await(int shard, long seq);
    }

    private final int shards;
    private final Duration patience;
    private final AccountOwner owner;
    private final Follower follower;

    /**
     * @param owner in this process or in another instance
     * @param follower of {@code account.output} in this process: after a logout, this process's caches have forgotten the
     *     session
     */
    public AccountCommandRouter(int shards, Duration patience, AccountOwner owner, Follower follower) {
        this.shards = shards;
        this.patience = patience;
        this.owner = owner;
        this.follower = follower;
    }

    @Override
    public AccountAnswer execute(UUID id, AccountCommand command) {
        AccountAnswer answer = ask(id, command);
        if (answer instanceof AccountAnswer.Refused(var error)
                && error.errcode().equals("M_UNRECOGNIZED")) {
            // Its owner is of an earlier release. A client must not take that for a final refusal: it tries again.
            throw new Unavailable("The owner of the shard cannot carry this out yet");
        }
        if (answer instanceof AccountAnswer.Done done && mayEndSessions(command)) {
            tell(Partitions.of(command.user().value(), shards), done.at().seq());
        }
        return answer;
    }

    private AccountAnswer ask(UUID id, AccountCommand command) {
        long deadline = System.currentTimeMillis() + patience.toMillis();
        var pauses = PAUSES.start();
        while (true) {
            try {
                return owner.decide(command, id, deadline);
            } catch (Unavailable | NotOwner e) {
                long pause = pauses.nextBackOff();
                if (System.currentTimeMillis() + pause >= deadline) {
                    throw new Unavailable("A command to account-server was not decided in time", e);
                }
                pause(pause);
            }
        }
    }

    /** Pauses between attempts, each twice as long as the one before. */
    private static BackOff pauses(Duration first, Duration longest) {
        var pauses = new ExponentialBackOff(first.toMillis(), 2);
        pauses.setMaxInterval(longest.toMillis());
        return pauses;
    }

    /** Waits until the caches of this process know the change. Caches of other processes know it within a second. */
    private void tell(int shard, long seq) {
        try {
            follower.await(shard, seq).get(TOLD_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException | TimeoutException e) {
            // The command is committed all the same. Caches that did not get the change ask again within a second.
            return;
        }
    }

    private static boolean mayEndSessions(AccountCommand command) {
        return switch (command) {
            case AccountCommand.Login _,
                    AccountCommand.Logout _,
                    AccountCommand.ChangePassword _,
                    AccountCommand.Deactivate _,
                    AccountCommand.BeginSession _,
                    AccountCommand.RefreshSession _,
                    AccountCommand.UpgradeGuest _,
                    AccountCommand.SetAdmin _,
                    AccountCommand.Restrict _,
                    DehydrationCommand _ -> true;
            case AccountCommand.Register _,
                    AccountCommand.RenameDevice _,
                    AccountCommand.UseTokens _,
                    AccountCommand.SetProfileField _,
                    AccountCommand.SetAccountData _,
                    AccountCommand.SetTag _,
                    AccountCommand.CreateFilter _,
                    AccountCommand.SpendNonce _,
                    ToDeviceCommand _,
                    KeyBackupCommand _,
                    KeyCommand _,
                    InheritRoom _,
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
