package io.myelin.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.KnownSettings;
import io.myelin.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.StandardEnvironment;

class ConfigurationReloadTest {
    @TempDir
    Path directory;

    private final List<Settings> effects = new ArrayList<>();
    private Path file = Path.of("");
    private CurrentSettings current =
            CurrentSettings.of(ConfigurationLoader.load(new StandardEnvironment(), null, Map.of()));
    private ConfigurationReload reload = new ConfigurationReload(this::read, current, effects::add);

    @BeforeEach
    void start() throws IOException {
        file = directory.resolve("myelin.yaml");
        write("limits:\n  request-size: 1MB\n");
        current = new CurrentSettings(read(), KnownSettings.NOTHING_ELSE);
        reload = new ConfigurationReload(this::read, current, effects::add);
    }

    private void write(String yaml) throws IOException {
        Files.writeString(file, yaml);
    }

    private Settings read() {
        return ConfigurationLoader.load(new StandardEnvironment(), file, Map.of(), KnownSettings.NOTHING_ELSE);
    }

    @Test
    void whatMayChangeTakesEffect() throws IOException {
        write("limits:\n  request-size: 3MB\n");

        assertThat(reload.reload().changed()).containsExactly("limits.request-size");
        assertThat(current.server().limits().requestSize().toMegabytes()).isEqualTo(3);
        assertThat(effects).hasSize(1);
    }

    @Test
    void nothingChangesIfARestartIsNeeded() throws IOException {
        write("limits:\n  request-size: 3MB\nlisteners:\n  client-port: 4000\n");

        assertThat(reload.reload().needRestart()).containsExactly("listeners.client-port");
        assertThat(current.server().limits().requestSize().toMegabytes()).isEqualTo(1);
        assertThat(effects).isEmpty();
    }

    @Test
    void nothingChangesIfTheFileHasAMistake() throws IOException {
        write("limits:\n  request-size: 3MB\n  request-sise: 3MB\n");

        assertThat(reload.reload().mistakes())
                .singleElement()
                .asString()
                .contains("myelin.yaml:3: limits.request-sise: there is no such key.");
        assertThat(current.server().limits().requestSize().toMegabytes()).isEqualTo(1);
        assertThat(effects).isEmpty();
    }

    @Test
    void nothingChangesIfTheFileIsNoYamlOrGone() throws IOException {
        write("limits: [\n");
        assertThat(reload.reload().mistakes()).singleElement().asString().contains("not YAML");

        Files.delete(file);
        assertThat(reload.reload().mistakes()).singleElement().asString().contains("cannot be read");
    }
}
