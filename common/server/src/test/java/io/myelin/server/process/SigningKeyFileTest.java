package io.myelin.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.ConfigurationRefused;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.StandardEnvironment;

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
    void processOfSeveralRefusesToStartWithoutAKeyAndMakesNone() {
        var settings = ConfigurationLoader.load(new StandardEnvironment(), null, Map.of("data", directory.toString()));
        assertThatThrownBy(() -> new ProcessConfiguration().signingKey(settings))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("./myelin secrets DIR");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void fileThatIsNoKeyIsRefusedAndLeftAlone() throws IOException {
        var file = Files.writeString(directory.resolve("signing.key"), "hello");
        assertThatThrownBy(() -> SigningKeyFile.readOrCreate(file)).hasMessageContaining("is no signing key");
        assertThat(file).hasContent("hello");
    }

    /** Such as those of memory sticks and of some network shares. */
    @Test
    void keyIsMadeOnAFileSystemWithoutLinks() throws IOException {
        var file = directory.resolve("signing.key");
        SigningKeyFile.create(file, (name, _) -> {
            throw new FileSystemException(name.toString(), null, "Operation not permitted");
        });
        assertThat(SigningKeyFile.read(file).keyId()).startsWith("ed25519:a_");
        assertThat(directory.toFile().list()).containsExactly("signing.key");
    }

    @Test
    void keyThatAnotherProcessHasMadeMeanwhileStays() throws IOException {
        var file = directory.resolve("signing.key");
        SigningKeyFile.create(file, (name, existing) -> {
            Files.writeString(file, "theirs");
            Files.createLink(name, existing);
        });
        assertThat(file).hasContent("theirs");
        assertThat(directory.toFile().list()).containsExactly("signing.key");
    }
}
