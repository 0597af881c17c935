package io.myelin.apart;

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
        var plan = Plan.of("client-sync=2, room-server=3", Set.of());

        assertThat(plan.instances(Component.of("client-sync"))).hasToString("[client-sync#1, client-sync#2]");
        assertThat(plan.instances(Component.of("room-server"))).hasSize(3);
        assertThat(plan.instances(Component.of("account-server"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client-sync",
                "client-sync=",
                "client-sync=0",
                "client-sync=17",
                "client-sync=-1",
                "client-sync=2;room-server=2",
                "sync=2",
                "kafka=2",
                "gateway=2",
                "client-sync=2,,room-server=1",
                "client-sync=two"
            })
    void whatIsNoListOfInstancesIsRefused(String instances) {
        assertThatThrownBy(() -> Plan.of(instances, Set.of())).isInstanceOf(Misuse.class);
    }

    @Test
    void whatExistsElsewhereIsNotRun() {
        var plan = Plan.of("", Set.of(Component.POSTGRESQL));

        assertThat(plan.instances()).noneMatch(instance -> instance.component().equals(Component.POSTGRESQL));
        assertThatThrownBy(() -> plan.selected("postgresql")).hasMessageContaining("is not run here");
    }

    @Test
    void wordMeansAllInstancesOfAComponentOrOne() {
        var plan = Plan.of("room-server=2", Set.of());

        assertThat(plan.selected("room-server")).hasToString("[room-server#1, room-server#2]");
        assertThat(plan.selected("room-server#2")).hasToString("[room-server#2]");
        assertThat(plan.selected("kafka#1")).hasToString("[kafka#1]");
    }

    @Test
    void wordThatMeansNothingIsAnsweredWithWhatThereIs() {
        var plan = Plan.of("room-server=2", Set.of());

        assertThatThrownBy(() -> plan.selected("room-server#3"))
                .hasMessage("There is no room-server#3, only room-server#1, room-server#2.");
        assertThatThrownBy(() -> plan.selected("rooms")).hasMessageContaining("account-server, ");
    }
}
