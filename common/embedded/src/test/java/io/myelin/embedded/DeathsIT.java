package io.myelin.embedded;

import static io.myelin.embedded.EmbeddedEnginesIT.CACHE;
import static io.myelin.embedded.EmbeddedEnginesIT.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes die in any order: the next start finds everything committed, and no process is left running. */
class DeathsIT {
    private static final Duration LINGER = SETTINGS.orphanLinger();

    /** Longer than a start takes on the busiest machine. */
    private static final Duration LONG_LINGER = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    @Test
    void databaseOfAKilledProcessIsTakenOverAsItRuns() throws Exception {
        try (var killed = EngineProcess.start(directory, LONG_LINGER)) {
            killed.kill();
            try (var data = DataDirectory.open(directory);
                    var engines = EmbeddedEngines.start(data, CACHE, SETTINGS)) {
                assertThat(engines.postgresql().pid()).isEqualTo(killed.postmaster());
                assertThat(EmbeddedEnginesIT.query(engines.postgresql().login(), "SHOW fsync"))
                        .isEqualTo("on");
                EmbeddedEnginesIT.createTopic(engines.kafka(), "alive");
            }
            assertThat(isAlive(killed.postmaster())).isFalse();
        }
    }

    @Test
    void databaseThatNobodyComesBackForIsStopped() throws Exception {
        try (var killed = EngineProcess.start(directory, LINGER)) {
            killed.kill();
            await().atMost(Duration.ofSeconds(30)).until(() -> !isAlive(killed.postmaster()));
        }
    }

    @Test
    void databaseIsStoppedThoughItsDirectoryIsGone() throws Exception {
        try (var killed = EngineProcess.start(directory, LONG_LINGER)) {
            killed.kill();
            DirectoryTree.delete(directory);
            await().atMost(Duration.ofSeconds(30)).until(() -> !isAlive(killed.postmaster()));
        }
    }

    @Test
    void databaseThatDiesIsStartedAgainWithWhatWasCommitted() throws Exception {
        try (var data = DataDirectory.open(directory);
                var postgresql = EmbeddedPostgresql.start(data, CACHE, SETTINGS)) {
            var login = postgresql.login();
            EmbeddedEnginesIT.execute(login, "CREATE TABLE word AS SELECT 'kept' AS word");
            for (var kill = 0; kill < 2; kill++) {
                var before = postgresql.pid();
                ProcessHandle.of(before).ifPresent(ProcessHandle::destroyForcibly);
                await().atMost(Duration.ofSeconds(30)).until(() -> postgresql.pid() != before);
                assertThat(postgresql.login()).isEqualTo(login);
                assertThat(EmbeddedEnginesIT.query(login, "SELECT word FROM word"))
                        .isEqualTo("kept");
            }
        }
    }

    @Test
    void processFileOfACrashThatNamesSomebodyElsesProcessIsNoObstacle() throws Exception {
        try (var data = DataDirectory.open(directory)) {
            EmbeddedPostgresql.start(data, CACHE, SETTINGS).close();
            var somebodyElse = ProcessHandle.current().pid();
            Files.writeString(directory.resolve("postgresql/postmaster.pid"), somebodyElse + "\n/\n1\n5432\n");
            try (var postgresql = EmbeddedPostgresql.start(data, CACHE, SETTINGS)) {
                assertThat(postgresql.pid()).isNotEqualTo(somebodyElse);
            }
        }
    }

    /** A broker that waits for the session gives up after two minutes and begins anew, without its topics. */
    @Test
    void brokerDoesNotWaitForTheSessionOfOneThatWasKilled() throws Exception {
        try (var data = DataDirectory.open(directory);
                var kafka = EmbeddedKafka.start(data)) {
            EmbeddedEnginesIT.createTopic(kafka, "kept");
        }
        try (var killed = EngineProcess.start(directory, LINGER)) {
            killed.kill();
            try (var data = DataDirectory.open(directory);
                    var kafka = EmbeddedKafka.start(data, EmbeddedKafka.port(data), Duration.ofHours(1))) {
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() ->
                                assertThat(EmbeddedEnginesIT.topics(kafka)).containsExactly("kept"));
            }
        }
    }

    @Test
    void brokerWhosePortIsTakenMeanwhileKeepsItsData() throws Exception {
        try (var data = DataDirectory.open(directory)) {
            try (var kafka = EmbeddedKafka.start(data)) {
                EmbeddedEnginesIT.createTopic(kafka, "kept");
            }
            var port = EmbeddedKafka.port(data);
            try (var taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThatThrownBy(() -> EmbeddedKafka.start(data, taken.getLocalPort()))
                        .hasMessageContaining("Start again");
            }
            try (var kafka = EmbeddedKafka.start(data)) {
                assertThat(EmbeddedEnginesIT.topics(kafka)).containsExactly("kept");
            }
        }
    }

    @Test
    void tornBrokerIsMovedAsideAndMadeAnew() throws Exception {
        try (var data = DataDirectory.open(directory)) {
            try (var kafka = EmbeddedKafka.start(data)) {
                EmbeddedEnginesIT.createTopic(kafka, "torn");
            }
            Files.writeString(directory.resolve("kafka/meta.properties"), "\u0000\u0000\u0000");
            try (var kafka = EmbeddedKafka.start(data)) {
                assertThat(EmbeddedEnginesIT.topics(kafka)).isEmpty();
            }
            try (var aside = Files.newDirectoryStream(directory, "kafka.broken-*")) {
                assertThat(aside).hasSize(1);
            }
        }
    }

    @Test
    void brokerWhoseMetadataLogIsTornIsMadeAnew() throws Exception {
        try (var data = DataDirectory.open(directory)) {
            EmbeddedKafka.start(data).close();
            try (var files = Files.walk(directory.resolve("kafka/__cluster_metadata-0"))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    Files.write(file, new byte[8192]);
                }
            }
            try (var kafka = EmbeddedKafka.start(data)) {
                EmbeddedEnginesIT.createTopic(kafka, "works");
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() ->
                                assertThat(EmbeddedEnginesIT.topics(kafka)).containsExactly("works"));
            }
        }
    }

    @Test
    void fatalFaultOfTheBrokerHaltsTheProcessAndSaysWhy() throws Exception {
        try (var faulty = EngineProcess.start(directory, LINGER)) {
            assertThat(faulty.meetFatalFault()).contains("the disk is on fire").contains("Myelin halts");
            assertThat(faulty.status()).isEqualTo(70);
            await().atMost(Duration.ofSeconds(30)).until(() -> !isAlive(faulty.postmaster()));
        }
    }

    private static boolean isAlive(long pid) {
        // A dead process stays a zombie until its parent waits for it.
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)
                && new PostmasterFile(pid, 0, "").isAlive();
    }
}
