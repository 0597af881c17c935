package io.myelin.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void whatAKilledServerHasLeftInItsTemporaryFilesIsGone() throws IOException {
        Files.createDirectories(directory.resolve("temporary/jetty"));
        Files.writeString(directory.resolve("temporary/jetty/page"), "left");
        try (var data = DataDirectory.open(directory)) {
            assertThat(data.temporary()).isEmptyDirectory();
        }
    }

    @Test
    void noPortIsChosenForTwoPurposes() throws IOException {
        Files.createDirectories(directory.resolve("apart"));
        try (var data = DataDirectory.open(directory)) {
            var first = data.port("first");
            Files.writeString(directory.resolve("apart/second.port"), first + "\n");
            assertThat(data.port("apart/second")).isNotEqualTo(first);
            assertThat(data.port("first")).isEqualTo(first);

            data.reservePort("client", first);
            assertThat(data.port("first")).isNotEqualTo(first);
        }
    }

    @Test
    void portOfToolsMayRepeatThatOfAProcess() throws IOException {
        Files.createDirectories(directory.resolve("apart"));
        try (var data = DataDirectory.open(directory)) {
            var port = data.port("apart/owner-of-accounts");
            Files.writeString(directory.resolve("internal.port"), port + "\n");
            assertThat(data.port("apart/owner-of-accounts")).isEqualTo(port);
        }
    }
}
