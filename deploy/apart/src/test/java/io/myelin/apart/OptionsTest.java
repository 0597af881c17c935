package io.myelin.apart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void knowsItsOptions() {
        var options = Options.parse(List.of("--instances", "client-sync=2", "--data", "d", "--config", "/c.yaml"));

        assertThat(options.instances()).isEqualTo("client-sync=2");
        assertThat(options.settings()).containsEntry("data", "d");
        assertThat(options.file()).hasToString("/c.yaml");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> Options.parse(List.of("--instance", "x"))).hasMessageContaining("--instances");
        assertThatThrownBy(() -> Options.parse(List.of("--data"))).hasMessage("--data needs a value.");
    }
}
