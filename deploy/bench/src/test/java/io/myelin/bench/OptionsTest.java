package io.myelin.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    @Test
    void measuresEachUrlInTurn() throws Options.Misuse {
        var options = Options.parse("--url", "http://a:1", "--url", "http://b:2", "--scenario", "create,join,create");
        assertThat(options.targets()).extracting(Target::toString).containsExactly("http://a:1", "http://b:2");
        assertThat(options.scenarios()).containsExactly(Scenario.CREATE, Scenario.JOIN, Scenario.CREATE);
    }

    @Test
    void spreadsUsersOverACluster() throws Options.Misuse {
        var options = Options.parse("--spread", "--url", "http://a:1", "--url", "http://b:2", "--scenario", "create");
        assertThat(options.targets()).hasSize(1);
        var target = options.targets().getFirst();
        assertThat(target.of(0).host()).isEqualTo("a");
        assertThat(target.of(1).host()).isEqualTo("b");
        assertThat(target.of(2).host()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource({
        "--scenario create, --url is missing",
        "--url http://a, --scenario is missing",
        "--url http://a --scenario crate, unknown scenario crate",
        "--url http://a --scenario create --seconds, --seconds needs a value",
        "--url http://a --scenario create --seconds 0, --seconds 0: expected a number",
        "--url http://a --scenario create --users many, --users many: expected a number",
        "--url http://a --scenario create --colour red, unknown option --colour",
    })
    void saysWhatItDoesNotUnderstand(String line, String expected) {
        assertThatThrownBy(() -> Options.parse(line.split(" ")))
                .isInstanceOf(Options.Misuse.class)
                .hasMessageContaining(expected);
    }
}
