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
}
