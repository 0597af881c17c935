package io.myelin.accountserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.KeyFact;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One shard in memory that decides commands one after the other, as the engine would. */
final class Lane {
    static final int ROOM_SHARDS = 4;

    /** Small, so that tests reach them. */
    static final AccountLimits LIMITS = new AccountLimits(16 << 10, 40 << 10, 6, 3, 3, 4);

    private final AccountDecider decider = new AccountDecider(ROOM_SHARDS, () -> LIMITS);
    private final Map<String, UserState> entities = new HashMap<>();
    private long seq = 1;

    /** The outcome of a command. */
    record Result(Decision<UserState, AccountChange> decision) {
        AccountAnswer answer() {
            return Cbor.decode(decision.answer(), AccountAnswer.class);
        }

        /** The facts that are not about keys. */
        List<AccountFact> facts() {
            return decision.facts().stream()
                    .map(AccountChange::published)
                    .filter(fact -> !(fact instanceof KeyFact))
                    .toList();
        }

        List<KeyFact> keyFacts() {
            return decision.facts().stream()
                    .map(AccountChange::published)
                    .filter(KeyFact.class::isInstance)
                    .map(KeyFact.class::cast)
                    .toList();
        }

        List<RoomCommand> orders() {
            return decision.orders().stream()
                    .peek(order -> assertThat(order.topic()).isEqualTo(RoomTopics.INPUT.name()))
                    .map(order -> Cbor.decode(order.command(), RoomCommand.class))
                    .toList();
        }

        void isRefused(int status, String errcode) {
            assertThat(answer()).isInstanceOfSatisfying(AccountAnswer.Refused.class, refused -> {
                assertThat(refused.error().status()).isEqualTo(status);
                assertThat(refused.error().errcode()).isEqualTo(errcode);
            });
            assertThat(decision.changes()).isEmpty();
            assertThat(decision.facts()).isEmpty();
            assertThat(decision.orders()).isEmpty();
        }
    }

    Result decide(AccountCommand command) {
        List<String> keys = decider.keys(command);
        Decision<UserState, AccountChange> decision = decider.decide(
                key -> {
                    assertThat(isNamed(keys, key)).as(key).isTrue();
                    return entities.getOrDefault(key, fresh(key));
                },
                command,
                new Moment(3, 1, seq, 1_000_000 + seq));
        assertThat(decision.changes().keySet()).allMatch(key -> isNamed(keys, key));
        entities.putAll(decision.changes());
        seq += decision.facts().size();
        return new Result(decision);
    }

    /**
     * The keys of a device that goes are loaded when it goes, as are the backups of a user who goes; inboxes once it is known which devices there are, and backed
     * up keys once it is known that their backup is.
     */
    private static boolean isNamed(List<String> keys, String key) {
        return keys.contains(key)
                || switch (EntityKey.parse(key)) {
                    case EntityKey.OfKeys _,
                            EntityKey.OfOneTimeKeys _,
                            EntityKey.OfInbox _,
                            EntityKey.OfDehydrated _,
                            EntityKey.OfBackups _,
                            EntityKey.OfBackupRoom _,
                            EntityKey.OfBackupKey _ -> true;
                    default -> false;
                };
    }

    UserState state(EntityKey key) {
        return entities.getOrDefault(key.text(), fresh(key.text()));
    }

    private static UserState fresh(String key) {
        return switch (EntityKey.parse(key)) {
            case EntityKey.OfUser _ -> new UserState.Unregistered();
            case EntityKey.OfTags _ -> UserState.Tags.NONE;
            case EntityKey.OfDirect _ -> UserState.Direct.NONE;
            case EntityKey.OfInherited _ -> new UserState.Inherited(false);
            case EntityKey.OfItem _ -> UserState.Item.ABSENT;
            case EntityKey.OfFilter _ -> new UserState.Filter(false);
            case EntityKey.OfData _ -> UserState.Usage.NOTHING;
            case EntityKey.OfInbox _ -> Inbox.EMPTY;
            case EntityKey.OfDehydrated _ -> UserState.Dehydrated.NONE;
            case EntityKey.OfBackups _ -> BackupState.Versions.NONE;
            case EntityKey.OfBackupRoom _ -> BackupState.Room.EMPTY;
            case EntityKey.OfBackupKey _ -> BackupState.Key.ABSENT;
            case EntityKey.OfKeys _ -> UserKeys.NONE;
            case EntityKey.OfOneTimeKeys _ -> OneTimeKeys.NONE;
        };
    }
}
