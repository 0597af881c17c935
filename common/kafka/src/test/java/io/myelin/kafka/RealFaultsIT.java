package io.myelin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.UuidV7;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.testing.EmbeddedTestEngines;
import io.myelin.testing.TestEngines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Schedules of faults against the real broker and the real database: every acknowledged command is stored exactly once.
 */
class RealFaultsIT {

    private static final int SENDERS = 8;
    private static final long RETRY_NANOS = 5_000_000;

    /** What goes wrong while the senders send. */
    enum Fault {
        NOTHING(1) {
            @Override
            void strike(Schedule schedule) {}
        },
        DATABASE_IS_KILLED(4) {
            @Override
            void strike(Schedule schedule) {
                ENGINES.killPostgresqlAndAwaitItsReturn();
            }
        },
        LOOP_BACKEND_IS_TERMINATED(6) {
            @Override
            void strike(Schedule schedule) throws SQLException {
                schedule.sql(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'myelin toy "
                                + schedule.process.lease.id() + "'");
            }
        },
        LEASE_IS_TAKEN(6) {
            @Override
            void strike(Schedule schedule) throws SQLException {
                schedule.sql("DELETE FROM toy.instance");
            }
        },
        EPOCH_IS_RAISED_BY_ANOTHER(6) {
            @Override
            void strike(Schedule schedule) throws SQLException {
                schedule.sql("UPDATE toy.shard SET epoch = epoch + 1");
            }
        },
        BROKER_IS_AWAY(3) {
            @Override
            void strike(Schedule schedule) {
                ENGINES.stopKafka();
                ENGINES.startKafka();
            }
        },
        BROKER_IS_WIPED(3) {
            @Override
            void strike(Schedule schedule) {
                ENGINES.wipeKafka();
                ENGINES.startKafka();
            }
        },
        PROCESS_IS_RESTARTED(5) {
            @Override
            void strike(Schedule schedule) throws Exception {
                schedule.restart();
            }
        },
        ONE_OF_TWO_IS_STOPPED_AS_PLANNED(5) {
            @Override
            void strike(Schedule schedule) throws Exception {
                long failures = schedule.failures.get();
                try (ToyProcess _ = schedule.another()) {
                    schedule.awaitSharedWork();
                    schedule.awaitProgress();
                }
                schedule.awaitProgress();
                schedule.awaitOneOwner();
                assertThat(schedule.failures).hasValue(failures);
            }
        },
        ONE_OF_TWO_IS_FROZEN(3) {
            @Override
            void strike(Schedule schedule) throws Exception {
                ToyInstance another = schedule.anotherJvm();
                schedule.awaitSharedWork();
                schedule.awaitProgress();
                another.freeze();
                schedule.awaitOneOwner();
                schedule.awaitProgress();
                another.goOn();
                schedule.awaitSharedWork();
            }
        };

        /** How often it strikes. */
        private final int times;

        Fault(int times) {
            this.times = times;
        }

        abstract void strike(Schedule schedule) throws Exception;
    }

    private static final EmbeddedTestEngines ENGINES = TestEngines.embedded();

    @ParameterizedTest
    @EnumSource
    void whatWasAcknowledgedIsThereOnceAndInOrder(Fault fault) throws Exception {
        try (Schedule schedule = new Schedule("faults_" + fault.name().toLowerCase(Locale.ROOT))) {
            schedule.send();
            for (int round = 0; round < fault.times; round++) {
                schedule.awaitProgress();
                fault.strike(schedule);
            }
            schedule.awaitProgress();
            schedule.stopSending();
            schedule.assertTruth();
        }
    }

    /** One process under load, at times with another beside it. */
    private static final class Schedule implements AutoCloseable {

        private final DatabaseLogin login;
        private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
        private final List<Thread> senders = new ArrayList<>();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Map<String, Long> followed = new ConcurrentHashMap<>();
        private final AtomicLong failures = new AtomicLong();
        private volatile ToyProcess process;
        private @Nullable ToyInstance otherJvm;

        Schedule(String database) throws Exception {
            // Otherwise this new database would rightly carry out the commands of an earlier schedule's writers.
            ENGINES.wipeKafka();
            ENGINES.startKafka();
            var made = ENGINES.freshDatabase(database);
            login = new DatabaseLogin(made.url(), made.user(), made.password());
            process = start();
        }

        private ToyProcess start() throws Exception {
            ToyProcess started = new ToyProcess(login, ENGINES.bootstrapServers());
            started.tail.subscribe(new TailSubscriber<>() {
                @Override
                public void apply(int shard, Numbered<ToyService.Added> fact) {
                    followed.put(fact.fact().key(), fact.fact().value());
                }

                @Override
                public void reset(int shard, Committed position) {}
            });
            started.tail.start();
            return started;
        }

        void restart() throws Exception {
            process.close();
            process = start();
        }

        ToyProcess another() throws Exception {
            return new ToyProcess(login, ENGINES.bootstrapServers());
        }

        ToyInstance anotherJvm() throws IOException {
            ToyInstance another = otherJvm;
            if (another == null) {
                another = new ToyInstance(login, ENGINES.bootstrapServers());
                otherJvm = another;
            }
            return another;
        }

        void awaitSharedWork() {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> ownedHere() == ToyProcess.SHARDS / 2 && ownedElsewhere() == ToyProcess.SHARDS / 2);
        }

        void awaitOneOwner() {
            await().atMost(Duration.ofSeconds(60)).until(() -> ownedHere() == ToyProcess.SHARDS);
        }

        private long ownedHere() throws SQLException {
            return count("SELECT count(*) FROM toy.shard WHERE owner = '" + process.lease.id() + "'");
        }

        private long ownedElsewhere() throws SQLException {
            return count("SELECT count(*) FROM toy.shard s JOIN toy.instance i ON i.id = s.owner WHERE i.id <> '"
                    + process.lease.id() + "'");
        }

        void send() {
            UuidV7 ids = new UuidV7(
                    System::currentTimeMillis, () -> ThreadLocalRandom.current().nextLong());
            for (int sender = 0; sender < SENDERS; sender++) {
                String key = "counter-" + sender;
                Random random = new Random(sender);
                senders.add(Thread.ofVirtual().start(() -> {
                    for (int n = 0; !stopped.get(); n++) {
                        int passOn = random.nextInt(10) == 0 ? random.nextInt(ToyProcess.SHARDS) : -1;
                        sendUntilAnswered(ids, new ToyService.Add(key, 1, key + "/" + n, passOn));
                    }
                }));
            }
        }

        private void sendUntilAnswered(UuidV7 ids, ToyService.Add add) {
            var id = ids.get();
            while (true) {
                try {
                    byte[] answer = process.sender
                            .send(
                                    ToyService.INPUT,
                                    Partitions.of(add.key(), ToyProcess.SHARDS),
                                    add.key(),
                                    id,
                                    null,
                                    add.encode())
                            .join();
                    acknowledged.put(add.name(), Long.parseLong(new String(answer, StandardCharsets.UTF_8)));
                    return;
                } catch (RuntimeException unanswered) {
                    failures.incrementAndGet();
                    LockSupport.parkNanos(RETRY_NANOS);
                }
            }
        }

        void awaitProgress() {
            Map<String, Integer> before = answers();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> answers().entrySet().stream()
                                    .filter(sender -> sender.getValue() > before.getOrDefault(sender.getKey(), 0) + 20)
                                    .count()
                            == SENDERS);
        }

        /** How many answers each sender has received; its commands are named after it. */
        private Map<String, Integer> answers() {
            Map<String, Integer> answers = new HashMap<>();
            acknowledged.keySet().forEach(name -> answers.merge(name.split("/", -1)[0], 1, Integer::sum));
            return answers;
        }

        void stopSending() throws InterruptedException {
            stopped.set(true);
            for (Thread sender : senders) {
                sender.join();
            }
        }

        void sql(String sql) throws SQLException {
            try (Connection connection = DriverManager.getConnection(login.url(), login.user(), login.password())) {
                connection.createStatement().execute(sql);
            }
        }

        void assertTruth() throws Exception {
            await().atMost(Duration.ofSeconds(120)).until(() -> count("SELECT count(*) FROM toy.outbox") == 0);
            Map<String, Long> applied = new HashMap<>();
            Map<String, Long> values = new HashMap<>();
            long passed = 0;
            try (Connection connection = DriverManager.getConnection(login.url(), login.user(), login.password());
                    ResultSet row = connection
                            .createStatement()
                            .executeQuery("SELECT key, amount, command FROM toy.addition ORDER BY shard, seq")) {
                while (row.next()) {
                    String key = row.getString(1);
                    long value = values.merge(key, row.getLong(2), Long::sum);
                    if (key.equals("passed")) {
                        passed++;
                    } else {
                        assertThat(applied.put(row.getString(3), value))
                                .as("a second application of " + row.getString(3))
                                .isNull();
                    }
                }
            }
            assertThat(applied).isEqualTo(acknowledged);
            assertThat(passed)
                    .isEqualTo(
                            applied.keySet().stream().filter(this::wasPassedOn).count());
            assertThat(count("SELECT count(*) FROM toy.shard s WHERE s.seq <>"
                            + " (SELECT coalesce(max(seq), 0) FROM toy.log l WHERE l.shard = s.id)"))
                    .isZero();
            assertThat(count("SELECT count(*) FROM (SELECT shard, count(*) c, max(seq) m FROM toy.log GROUP BY shard) x"
                            + " WHERE c <> m"))
                    .isZero();
            process.tail.barrier().join();
            values.remove("passed");
            Map<String, Long> seen = new HashMap<>(followed);
            seen.remove("passed");
            assertThat(seen).isEqualTo(values);
        }

        private boolean wasPassedOn(String command) {
            String[] parts = command.split("/", -1);
            Random random = new Random(Integer.parseInt(parts[0].substring("counter-".length())));
            boolean passedOn = false;
            for (int n = 0; n <= Integer.parseInt(parts[1]); n++) {
                passedOn = random.nextInt(10) == 0;
                if (passedOn) {
                    random.nextInt(ToyProcess.SHARDS);
                }
            }
            return passedOn;
        }

        private long count(String sql) throws SQLException {
            try (Connection connection = DriverManager.getConnection(login.url(), login.user(), login.password());
                    ResultSet row = connection.createStatement().executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        }

        @Override
        public void close() throws Exception {
            stopped.set(true);
            if (otherJvm != null) {
                otherJvm.close();
            }
            process.close();
        }
    }
}
