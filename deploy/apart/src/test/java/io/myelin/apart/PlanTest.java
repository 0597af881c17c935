package io.myelin.apart;

import static io.myelin.apart.Examples.READER;
import static io.myelin.apart.Examples.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
    @Test
    void oneOfEachRunsIfNobodyAsksForMore() {
        var plan = Plan.of("", Set.of());

        assertThat(plan.instances()).hasSameSizeAs(Component.all());
        assertThat(plan.instances()).first().hasToString("postgresql#1");
        assertThat(plan.instances()).last().hasToString("gateway#1");
    }

    @Test
    void asManyRunAsAreAskedFor() {
        var plan = Plan.of(READER + "=2, " + SERVER + "=3", Set.of());

        assertThat(plan.instances(Component.of(READER))).hasToString("[%1$s#1, %1$s#2]".formatted(READER));
        assertThat(plan.instances(Component.of(SERVER))).hasSize(3);
        assertThat(plan.instances(Component.of(Examples.EVERYTHING_ELSE))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<reader>",
                "<reader>=",
                "<reader>=0",
                "<reader>=17",
                "<reader>=-1",
                "<reader>=2;room-server=2",
                "sync=2",
                "kafka=2",
                "gateway=2",
                "<reader>=2,,<server>=1",
                "<reader>=two"
            })
    void whatIsNoListOfInstancesIsRefused(String instances) {
        assertThatThrownBy(() -> Plan.of(instances.replace("<reader>", READER).replace("<server>", SERVER), Set.of()))
                .isInstanceOf(UsageError.class);
    }

    @Test
    void whatExistsElsewhereIsNotRun() {
        var plan = Plan.of("", Set.of(Component.POSTGRESQL));

        assertThat(plan.instances()).noneMatch(instance -> instance.component().equals(Component.POSTGRESQL));
        assertThatThrownBy(() -> plan.selected("postgresql")).hasMessageContaining("is not run here");
    }

    @Test
    void wordMeansAllInstancesOfAComponentOrOne() {
        var plan = Plan.of(SERVER + "=2", Set.of());

        assertThat(plan.selected(SERVER)).hasToString("[%1$s#1, %1$s#2]".formatted(SERVER));
        assertThat(plan.selected(SERVER + "#2")).hasToString("[" + SERVER + "#2]");
        assertThat(plan.selected("kafka#1")).hasToString("[kafka#1]");
    }

    @Test
    void wordThatMeansNothingIsAnsweredWithWhatThereIs() {
        var plan = Plan.of(SERVER + "=2", Set.of());

        assertThatThrownBy(() -> plan.selected(SERVER + "#3"))
                .hasMessage("There is no %1$s#3, only %1$s#1, %1$s#2.".formatted(SERVER));
        assertThatThrownBy(() -> plan.selected("rooms")).hasMessageContaining(SERVER + ", ");
    }
}
