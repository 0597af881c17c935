package io.myelin.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyFileTest {
    @TempDir
    Path directory;

    @Test
    void keyMadeAtTheFirstStartIsTheKeyEverAfter() throws IOException {
        var file = directory.resolve("data").resolve("signing.key");
        var made = SigningKeyFile.readOrCreate(file);
        var read = SigningKeyFile.readOrCreate(file);
        assertThat(read.keyId()).isEqualTo(made.keyId()).startsWith("ed25519:a_");
        assertThat(read.seedBase64()).isEqualTo(made.seedBase64());
        assertThat(Files.readString(file)).matches("ed25519 a_[0-9a-z]+ [A-Za-z0-9+/]{43}\n");
    }

    @Test
    void fileThatIsNoKeyIsRefusedAndLeftAlone() throws IOException {
        var file = Files.writeString(directory.resolve("signing.key"), "hello");
        assertThatThrownBy(() -> SigningKeyFile.readOrCreate(file)).hasMessageContaining("is no signing key");
        assertThat(file).hasContent("hello");
    }
}
