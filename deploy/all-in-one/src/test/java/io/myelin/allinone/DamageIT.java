package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.maintenance.DatabaseCheck;
import io.myelin.maintenance.database.Connections;
import io.myelin.maintenance.database.ServerDatabases;
import io.myelin.postgres.check.Damage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Damages a healthy database on purpose, one way after the other, and demands that the check names each. A transaction that
 * is rolled back contains both, so the next damage finds a healthy database again.
 */
class DamageIT {
    @TempDir
    static Path directory;

    private static ServerDatabases databases;
    private static Connections connections;
    private static Connection connection;

    @BeforeAll
    static void fill() throws Exception {
        FilledDatabase.in(directory);
        databases = FilledDatabase.open(directory);
        connections = databases.connect();
        connection = connections.all().iterator().next();
    }

    @AfterAll
    static void close() throws SQLException {
        if (connections != null) {
            connections.close();
        }
        if (databases != null) {
            databases.close();
        }
    }

    private static List<Damage> check() throws SQLException {
        var damages = new ArrayList<Damage>();
        var done = DatabaseCheck.run(connections::of, damages::add);
        assertThat(done.schemas()).isGreaterThanOrEqualTo(5);
        assertThat(done.unchecked()).isEmpty();
        return damages;
    }

    @Test
    void healthyDatabaseHasNoDamage() throws SQLException {
        assertThat(check()).isEmpty();
        connection.rollback();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        # what is damaged | the schema | the invariant that names it | how
        hole in the log | room | log-is-dense | DELETE FROM room.log WHERE kind = 4
        number twice in the log | account | log-seq-is-unique | ALTER TABLE account.log DROP CONSTRAINT log_pkey; INSERT INTO account.log SELECT * FROM account.log LIMIT 1
        log beyond its shard | room | log-seq-is-committed | INSERT INTO room.log (shard, seq, kind) SELECT id, seq + 7, 22 FROM room.shard WHERE seq > 0 LIMIT 1
        event that the log names is gone | room | log-names-events | DELETE FROM room.event WHERE convert_from(body, 'UTF8') LIKE '%first words%'
        event that the log does not have | room | event-is-in-the-log | UPDATE room.log SET kind = 22 WHERE kind = 1
        events without their room | room | event-is-of-a-room | DELETE FROM room.room
        create event that is none | room | room-has-its-create-event | UPDATE room.event SET type = 'm.room.created' WHERE type = 'm.room.create'
        two events at one place | room | place-is-of-one-event | DROP INDEX room.event_position; UPDATE room.event SET anchor = (SELECT max(seq) FROM room.event) WHERE type = 'm.room.topic'
        place beyond the log | room | place-is-possible | UPDATE room.event SET anchor = anchor + 1000000 WHERE type = 'm.room.topic'
        state that nothing is known of | room | event-state-is-a-state | UPDATE room.event SET state = 1000000 WHERE type = 'm.room.topic'
        broken chain of states | room | current-state-is-one | UPDATE room.event SET replaces = NULL WHERE type = 'm.room.topic'
        circle of states | room | current-state-is-one | UPDATE room.event SET state = seq WHERE type = 'm.room.topic'
        content that its hash does not cover | room | event-is-whole | UPDATE room.event SET body = convert_to(replace(convert_from(body, 'UTF8'), 'first words', 'other words'), 'UTF8')
        event that its ID is not the hash of | room | event-is-whole | UPDATE room.event SET body = convert_to(replace(convert_from(body, 'UTF8'), '"depth":1,', '"depth":2,'), 'UTF8')
        event that is no JSON | room | event-is-whole | UPDATE room.event SET body = substr(body, 2) WHERE type = 'm.room.topic'
        auth event that is gone | room | event-is-whole | DELETE FROM room.event WHERE type = 'm.room.power_levels'
        auth events that are others | room | event-is-whole | UPDATE room.event SET rests_on = ''::bytea WHERE type = 'm.room.topic'
        membership that the state contradicts | room | membership-is-that-of-the-state | UPDATE room.membership SET membership = 'leave' WHERE user_id = '@bob:localhost'
        membership of another's event | room | membership-is-a-member-event | UPDATE room.membership SET seq = room
        member without a membership | room | member-has-a-membership | DELETE FROM room.membership WHERE user_id = '@bob:localhost'
        alias of no room | room | alias-points-to-a-room | UPDATE room.alias SET room_id = '!gone:localhost'
        published room that is not there | room | directory-shows-rooms | DELETE FROM room.room
        user in another shard | account | account-is-in-its-shard | UPDATE account.account SET shard = (shard + 1) % 16
        device without an account | account | row-has-its-account | DELETE FROM account.account WHERE user_id = '@bob:localhost'
        token that is no hash | account | token-is-a-hash | UPDATE account.device SET token_hash = '\\x00'
        token of two devices | account | token-is-of-one-device | INSERT INTO account.device SELECT shard, user_id, 'other', display_name, token_hash, session, logged_in_at, seq FROM account.device
        change that the log does not have | account | newest-change-is-in-the-log | DELETE FROM account.log WHERE kind = 7
        message to a device that is gone | account | message-has-its-device | UPDATE account.to_device SET device_id = 'gone'
        message that the log does not have | account | newest-message-is-in-the-log | DELETE FROM account.log WHERE kind = 30
        message beyond its log | account | to_device-seq-is-committed | UPDATE account.to_device SET seq = seq + 1000000
        key backup with a key too few | account | key-backup-counts-its-keys | DELETE FROM account.key_backup_key
        offset without a topic | account | position-is-possible | UPDATE account.shard SET topic_id = '00000000-0000-0000-0000-000000000000', next_offset = 5
        published more than committed | receipt | position-is-possible | UPDATE receipt.shard SET published = seq + 1
        shards of several incarnations | presence | incarnation-is-one | UPDATE presence.shard SET incarnation = 7 WHERE id = 0
        shard that is missing | typing | shards-are-numbered | DELETE FROM typing.shard WHERE id = 1
        receipt beyond its log | receipt | receipt-seq-is-committed | UPDATE receipt.receipt SET seq = seq + 1000000
        receipt for no event | receipt | receipt-is-of-an-event | UPDATE receipt.receipt SET event_seq = 0
        order to a service that is none | account | order-is-for-a-service | INSERT INTO account.outbox VALUES (1, '01890000-0000-7000-8000-000000000000', 'no.input', 1, '\\x00')
        order to nobody | account | order-is-of-a-shard | INSERT INTO account.outbox VALUES (1, '01890000-0000-7000-8000-000000000000', 'room.input', -1, '\\x00')
        answer to no command | room | answer-has-its-command | INSERT INTO room.command VALUES ('00000000-0000-4000-8000-000000000000', '\\x00')
        transaction of no client | room | transaction-key-is-whole | INSERT INTO room.transaction VALUES ('\\x00', '\\x00')
        schema that is gone | receipt | schema-exists | DROP SCHEMA receipt CASCADE
        table that is gone | room | alias-points-to-a-room | DROP TABLE room.alias
        """)
    void damageIsNamed(String damage, String schema, String invariant, String how) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(how);
            assertThat(check()).as(damage).anySatisfy(found -> {
                assertThat(found.schema()).isEqualTo(schema);
                assertThat(found.invariant()).isEqualTo(invariant);
                assertThat(found.place()).isNotBlank();
                assertThat(found.remedy()).endsWith(".");
            });
        } finally {
            connection.rollback();
        }
    }

    @Test
    void forwardExtremityThatIsNoLeafIsNamed() throws Exception {
        try (var statement = connection.createStatement()) {
            statement.execute("INSERT INTO room.room_head SELECT e.room, s.seq, e.seq, e.shard, '"
                    + bitmapOf(numberOfTopic()) + "', '" + bitmapOf() + "' FROM room.event e"
                    + " JOIN room.shard s ON s.id = e.shard WHERE e.seq = " + numberOfTopic()
                    + " AND e.type = 'm.room.topic'");
            assertThat(check()).anySatisfy(found -> {
                assertThat(found.invariant()).isEqualTo("forward-extremity-is-a-leaf");
                assertThat(found.what()).contains("is no leaf");
            });
        } finally {
            connection.rollback();
        }
    }

    private static long numberOfTopic() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT min(seq) FROM room.event WHERE type = 'm.room.topic'")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** A set of events as the tables have it. */
    private static String bitmapOf(long... numbers) throws java.io.IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        Roaring64Bitmap.bitmapOf(numbers).serialize(new java.io.DataOutputStream(bytes));
        return "\\x" + HexFormat.of().formatHex(bytes.toByteArray());
    }
}
