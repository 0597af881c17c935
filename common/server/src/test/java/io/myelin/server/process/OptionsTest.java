package io.myelin.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.server.process.Options.Option;
import io.myelin.server.process.Options.UsageError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final Option INSTANCES = new Option("--instances", "SERVICE=NUMBER,…");
    private static final Option ADMIN = new Option("--admin", "");

    @Test
    void dataAndConfigurationAreKnownToEveryProgram() {
        var options = Options.parse(List.of("--data", "d", "--config", "c.yaml"));

        assertThat(options.settings()).containsExactly(Map.entry("data", "d"));
        assertThat(options.file()).hasToString("c.yaml");
    }

    @Test
    void aProgramHasOptionsOfItsOwnWithAndWithoutAValue() {
        var options = Options.parse(List.of("--admin", "--instances", "a-service=2"), INSTANCES, ADMIN);

        assertThat(options.has(ADMIN)).isTrue();
        assertThat(options.value(INSTANCES)).isEqualTo("a-service=2");
        assertThat(options.settings()).isEmpty();
        assertThat(Options.parse(List.of(), INSTANCES, ADMIN).has(ADMIN)).isFalse();
    }

    @Test
    void anUnknownWordIsAnsweredWithAllThatIsKnown() {
        assertThatThrownBy(() -> Options.parse(List.of("--instance", "x"), INSTANCES, ADMIN))
                .isInstanceOf(UsageError.class)
                .hasMessage("There is no option --instance."
                        + " There are: --admin, --config FILE, --data DIR, --instances SERVICE=NUMBER,….");
    }

    @Test
    void aValueMustNotBeMissing() {
        assertThatThrownBy(() -> Options.parse(List.of("--data")))
                .isInstanceOf(UsageError.class)
                .hasMessage("--data needs a value.");
    }
}
