package io.myelin.allinone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The migrations of all services, by the rules of {@code docs/adr/0017-a-migration-expands-first.md}. Beside the migrations
 * of each schema, {@code released.sha256} has a line for each that was ever on main, as {@code sha256sum} prints it.
 */
class MigrationsTest {
    private static final String RELEASED = "released.sha256";

    /** What processes of the last release would stumble over. */
    private static final Pattern CONTRACTS = Pattern.compile(
            "drop\\s+(table|column|schema|view)|\\brename\\b|\\bset\\s+not\\s+null|alter\\s+column\\s+\\S+\\s+(set\\s+data\\s+)?type\\b");

    /** A comment that says which release has stopped to use what goes. */
    private static final Pattern REASON = Pattern.compile("(?m)^-- unused since: \\S+");

    record Migration(String schema, Resource file, Resource released) {
        static Migration of(Resource file) {
            try {
                var schema = file.getURL().toString().replaceFirst(".*/db/(.*)/[^/]*$", "$1");
                return new Migration(schema, file, file.createRelative(RELEASED));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String checksumLine() throws IOException, NoSuchAlgorithmException {
            var digest = MessageDigest.getInstance("SHA-256").digest(file.getContentAsByteArray());
            return HexFormat.of().formatHex(digest) + "  " + file.getFilename();
        }

        @Override
        public String toString() {
            return schema + " " + file.getFilename();
        }
    }

    private static Resource[] files(String name) throws IOException {
        return new PathMatchingResourcePatternResolver().getResources("classpath*:db/**/" + name);
    }

    static Stream<Migration> migrations() throws IOException {
        return Arrays.stream(files("V*.sql")).map(Migration::of);
    }

    @ParameterizedTest
    @MethodSource("migrations")
    void aReleasedMigrationIsNeverEdited(Migration migration) throws Exception {
        assertThat(migration.released().getContentAsString(UTF_8).lines())
                .as("Never edit %s: write another one. If it is new, add its line to %s", migration, RELEASED)
                .contains(migration.checksumLine());
    }

    @Test
    void noReleasedMigrationIsDeleted() throws IOException {
        for (var released : files(RELEASED)) {
            for (var line : released.getContentAsString(UTF_8).lines().toList()) {
                assertThat(released.createRelative(line.split("  ", 2)[1]).exists())
                        .as(line)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("migrations")
    void whatTheLastReleaseUsesIsNotTakenAway(Migration migration) throws IOException {
        var sql = migration.file().getContentAsString(UTF_8).toLowerCase(Locale.ROOT);
        if (CONTRACTS.matcher(sql.replaceAll("(?m)--.*$", "")).find()) {
            assertThat(sql)
                    .as("%s takes away or forbids what processes of the last release may use", migration)
                    .containsPattern(REASON);
        }
    }
}
