package io.myelin.accountserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.KeyBackupCommand.AddBackupKeys;
import io.myelin.contracts.account.KeyBackupCommand.BackedUpKey;
import io.myelin.contracts.account.KeyBackupCommand.CreateKeyBackup;
import io.myelin.contracts.account.KeyBackupCommand.DeleteBackupKeys;
import io.myelin.contracts.account.KeyBackupCommand.DeleteKeyBackup;
import io.myelin.contracts.account.KeyBackupCommand.UpdateKeyBackup;
import io.myelin.contracts.account.KeyBackupFact;
import io.myelin.matrix.id.UserId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BackupDecisionsTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final String ALGORITHM = "m.megolm_backup.v1";
    private static final byte[] DATA = "{}".getBytes(StandardCharsets.US_ASCII);

    private final Lane lane = new Lane();

    @BeforeEach
    void register() {
        lane.decide(new AccountCommand.Register(ALICE, null, null, false, false, null));
    }

    private static BackedUpKey key(String room, String session, long index, long forwarded, boolean verified) {
        return new BackedUpKey(room, session, index, forwarded, verified, DATA);
    }

    private static BackedUpKey key(String room, String session) {
        return key(room, session, 5, 5, false);
    }

    private AccountAnswer.KeyBackupChanged put(long version, BackedUpKey... keys) {
        return changed(lane.decide(new AddBackupKeys(ALICE, version, List.of(keys))));
    }

    private AccountAnswer.KeyBackupChanged delete(@Nullable String room, @Nullable String session) {
        return changed(lane.decide(new DeleteBackupKeys(ALICE, 1, room, session)));
    }

    private static AccountAnswer.KeyBackupChanged changed(Lane.Result result) {
        return (AccountAnswer.KeyBackupChanged) result.answer();
    }

    private void create() {
        lane.decide(new CreateKeyBackup(ALICE, ALGORITHM, DATA));
    }

    @Test
    void numbersVersions() {
        assertThat(changed(lane.decide(new CreateKeyBackup(ALICE, ALGORITHM, DATA)))
                        .version())
                .isEqualTo(1);
        assertThat(changed(lane.decide(new CreateKeyBackup(ALICE, ALGORITHM, DATA)))
                        .version())
                .isEqualTo(2);
        lane.decide(new DeleteKeyBackup(ALICE, 2));
        assertThat(changed(lane.decide(new CreateKeyBackup(ALICE, ALGORITHM, DATA)))
                        .version())
                .as("no number comes twice")
                .isEqualTo(3);
    }

    @Test
    void takesKeysForTheCurrentVersionOnly() {
        lane.decide(new AddBackupKeys(ALICE, 1, List.of())).isRefused(404, "M_NOT_FOUND");
        create();
        create();
        assertThat(lane.decide(new AddBackupKeys(ALICE, 1, List.of(key("!r", "s"))))
                        .answer())
                .isEqualTo(new AccountAnswer.WrongKeyBackup(2));
        lane.decide(new AddBackupKeys(ALICE, 3, List.of(key("!r", "s")))).isRefused(404, "M_NOT_FOUND");
        lane.decide(new DeleteKeyBackup(ALICE, 2));
        assertThat(put(1, key("!r", "s")).count()).isEqualTo(1);
    }

    @Test
    void keepsItsAlgorithm() {
        create();
        lane.decide(new UpdateKeyBackup(ALICE, 1, "another", DATA)).isRefused(400, "M_INVALID_PARAM");
        lane.decide(new UpdateKeyBackup(ALICE, 2, ALGORITHM, DATA)).isRefused(404, "M_NOT_FOUND");
        assertThat(lane.decide(new UpdateKeyBackup(ALICE, 1, ALGORITHM, DATA)).facts())
                .hasSize(1);
    }

    @Test
    void goesWithTheAccount() {
        create();
        create();
        assertThat(lane.decide(new AccountCommand.Deactivate(ALICE, false)).facts())
                .filteredOn(KeyBackupFact.class::isInstance)
                .hasSize(2);
        lane.decide(new CreateKeyBackup(ALICE, ALGORITHM, DATA)).isRefused(404, "M_NOT_FOUND");
    }

    @Nested
    class OfOneVersion {
        @BeforeEach
        void version() {
            create();
        }

        @Test
        void countsItsKeysAndTheirChanges() {
            var first = put(1, key("!a", "1"), key("!a", "2"), key("!b", "1"));
            assertThat(first.count()).isEqualTo(3);
            assertThat(first.etag()).isEqualTo(1);
            var same = put(1, key("!a", "1"));
            assertThat(same.count()).isEqualTo(3);
            assertThat(same.etag()).as("nothing has changed").isEqualTo(1);
            assertThat(put(1, key("!a", "1", 4, 5, false)).etag()).isEqualTo(2);
        }

        @Test
        void hasKeysOfSoManyRooms() {
            int each = 5_000;
            for (int at = 0; at < BackupDecisions.MOST_ROOMS; at += each) {
                BackedUpKey[] keys = IntStream.range(at, at + each)
                        .mapToObj(i -> key("!r" + i, "s"))
                        .toArray(BackedUpKey[]::new);
                put(1, keys);
            }
            var tooMany = new AddBackupKeys(ALICE, 1, List.of(key("!other", "s")));
            lane.decide(tooMany).isRefused(413, "M_TOO_LARGE");
            delete("!r0", "s");
            lane.decide(tooMany).isRefused(413, "M_TOO_LARGE");
            assertThat(put(1, key("!r0", "s")).count())
                    .as("of a room that it has had")
                    .isEqualTo(BackupDecisions.MOST_ROOMS);
            delete(null, null);
            assertThat(put(1, key("!other", "s")).count()).isEqualTo(1);
        }

        @Test
        void keepsTheBetterKey() {
            put(1, key("!a", "1", 5, 5, false));
            assertThat(replaces(key("!a", "1", 5, 6, false))).isFalse();
            assertThat(replaces(key("!a", "1", 6, 0, false)))
                    .as("a later index, forwarded less")
                    .isFalse();
            assertThat(replaces(key("!a", "1", 5, 4, false))).isTrue();
            assertThat(replaces(key("!a", "1", 4, 9, false)))
                    .as("an earlier index")
                    .isTrue();
            assertThat(replaces(key("!a", "1", 9, 9, true))).as("verified").isTrue();
            assertThat(replaces(key("!a", "1", 0, 0, false))).as("not verified").isFalse();
        }

        private boolean replaces(BackedUpKey key) {
            return !lane.decide(new AddBackupKeys(ALICE, 1, List.of(key)))
                    .facts()
                    .isEmpty();
        }

        @Test
        void takesTheBetterOfTwoInOneRequest() {
            assertThat(put(1, key("!a", "1"), key("!a", "1", 1, 0, true)).count())
                    .isEqualTo(1);
            assertThat(replaces(key("!a", "1", 2, 0, true))).isFalse();
        }

        @Test
        void deletesAKeyARoomAndAll() {
            put(1, key("!a", "1"), key("!a", "2"), key("!b", "1"), key("!c", "1"));
            assertThat(delete("!a", "1").count()).isEqualTo(3);
            assertThat(delete("!a", "1").etag()).as("it was deleted before").isEqualTo(2);
            assertThat(delete("!a", null).count()).isEqualTo(2);
            assertThat(put(1, key("!a", "2", 9, 9, false)).count())
                    .as("a deleted key is no better one")
                    .isEqualTo(3);
            assertThat(delete(null, null).count()).isZero();
            assertThat(delete("!b", null).count()).isZero();
            assertThat(delete("!c", "1").count()).isZero();
            assertThat(put(1, key("!c", "1", 9, 9, false), key("!a", "2", 9, 9, false))
                            .count())
                    .isEqualTo(2);
            assertThat(delete("!c", null).count()).isEqualTo(1);
        }
    }
}
