package io.myelin.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParameterException;

class OptionsTest {

    @Test
    void measuresEachUrlInTurn() {
        var options = Options.parse("--url", "http://a:1", "--url", "http://b:2", "--scenario", "create,join,create");
        assertThat(options.targets()).extracting(Target::toString).containsExactly("http://a:1", "http://b:2");
        assertThat(options.scenarios).containsExactly(Scenario.CREATE, Scenario.JOIN, Scenario.CREATE);
    }

    @Test
    void spreadsUsersOverACluster() {
        var options = Options.parse("--spread", "--url", "http://a:1", "--url", "http://b:2", "--scenario", "create");
        assertThat(options.targets()).hasSize(1);
        var target = options.targets().getFirst();
        assertThat(target.of(0).host()).isEqualTo("a");
        assertThat(target.of(1).host()).isEqualTo("b");
        assertThat(target.of(2).host()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "--scenario create, Missing required option: '--url",
                "--url http://a, Missing required option: '--scenario",
                "--url http://a --scenario crate, there is no scenario crate",
                "--url http://a --scenario create --seconds, Missing required parameter for option '--seconds'",
                "--url http://a --scenario create --seconds 0, 0 is not a number of at least 1",
                "--url http://a --scenario create --users many, many is not a number of at least 1",
                "--url http://a --scenario create --colour red, Unknown options: '--colour'",
            })
    void saysWhatItDoesNotUnderstand(String line, String expected) {
        assertThatThrownBy(() -> Options.parse(line.split(" ")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void helpNamesEachOptionAndScenario() {
        String help = Options.commandLine().getUsageMessage();
        assertThat(help)
                .contains("--url URL", "--pid PID", "--help", "how long to measure (10)", "Only answers of 200");
        assertThat(Scenario.values()).allSatisfy(scenario -> assertThat(help).contains(scenario.description()));
    }

    @Test
    void theLastOfSeveralCounts() {
        assertThat(Options.parse("--url", "http://a", "--scenario", "create", "--users", "1", "--users", "2").users)
                .isEqualTo(2);
    }
}
