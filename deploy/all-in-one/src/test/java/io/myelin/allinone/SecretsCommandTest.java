package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.myelin.server.process.Options;
import io.myelin.server.process.SigningKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsCommandTest {
    private static final List<String> NAMES = SecretsCommand.FILES;

    @TempDir
    Path directory;

    @Test
    void makesWhatIsMissingAndLeavesAloneWhatIsThere() throws IOException {
        var secrets = directory.resolve("secrets");
        assertThat(SecretsCommand.run(List.of(secrets.toString()))).isZero();
        var first = content(secrets);
        assertThat(SigningKeyFile.read(secrets.resolve("signing.key")).keyId()).startsWith("ed25519:a_");
        assertThat(Files.readString(secrets.resolve("internal.secret"))).matches("[0-9a-f]{64}\n");

        Files.delete(secrets.resolve("database.password"));
        assertThat(SecretsCommand.run(List.of(secrets.toString()))).isZero();
        var second = content(secrets);
        for (var name : NAMES) {
            var isTheSame = second.get(NAMES.indexOf(name)).equals(first.get(NAMES.indexOf(name)));
            assertThat(isTheSame).as(name).isEqualTo(!name.equals("database.password"));
        }
    }

    @Test
    void onlyTheUserOfTheProcessesCanReadThem() throws IOException {
        assertThat(SecretsCommand.run(List.of(directory.toString()))).isZero();
        for (var name : NAMES) {
            var file = directory.resolve(name);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void rootGivesThemToTheImagesUserEvenWhereItHasNoName() throws IOException {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).isEqualTo(0);
        var name = System.getProperty("user.name");
        System.setProperty("user.name", "?");
        try {
            assertThat(SecretsCommand.run(List.of(directory.toString()))).isZero();
        } finally {
            System.setProperty("user.name", name);
        }
        for (var file : NAMES) {
            assertThat(Files.getAttribute(directory.resolve(file), "unix:uid")).isEqualTo(SecretsCommand.IMAGE_USER);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls.crt", "tls.key"})
    void halfOfACertificatesPairIsRefusedAndNothingIsMade(String half) throws IOException {
        Files.writeString(directory.resolve(half), "mine");
        assertThat(SecretsCommand.run(List.of(directory.toString()))).isEqualTo(1);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(directory.resolve(half));
        }
        assertThat(directory.resolve(half)).hasContent("mine");
    }

    @Test
    void needsADirectory() {
        assertThatThrownBy(() -> SecretsCommand.run(List.of())).isInstanceOf(Options.UsageError.class);
        assertThatThrownBy(() -> SecretsCommand.run(List.of("--help"))).isInstanceOf(Options.UsageError.class);
    }

    @Test
    void directoryThatCannotBeMadeIsReported() throws IOException {
        var file = Files.writeString(directory.resolve("file"), "");
        assertThat(SecretsCommand.run(List.of(file.resolve("secrets").toString())))
                .isEqualTo(1);
    }

    private static List<String> content(Path secrets) throws IOException {
        var all = new ArrayList<String>();
        for (var name : NAMES) {
            all.add(Files.readString(secrets.resolve(name)));
        }
        return all;
    }
}
