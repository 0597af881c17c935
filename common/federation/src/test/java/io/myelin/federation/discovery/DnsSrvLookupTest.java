package io.myelin.federation.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.outbound.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.SRVRecord;

class DnsSrvLookupTest {
    private static SRVRecord record(int priority, int weight, int port, String target) {
        return new SRVRecord(
                Name.fromConstantString("_matrix-fed._tcp.a.test."),
                DClass.IN,
                60,
                priority,
                weight,
                port,
                Name.fromConstantString(target));
    }

    @Test
    void prefersLowerPriorities() {
        var records = List.of(record(20, 9, 1, "c.test."), record(5, 0, 2, "a.test."), record(10, 0, 3, "b.test."));
        assertThat(DnsSrvLookup.inOrder(records, new Random(1)))
                .containsExactly(new Endpoint("a.test", 2), new Endpoint("b.test", 3), new Endpoint("c.test", 1));
    }

    @Test
    void choosesAmongEqualsByWeight() {
        var records = List.of(record(1, 10, 1, "light.test."), record(1, 90, 1, "heavy.test."));
        var random = new Random(1);
        var first = new ArrayList<String>();
        for (int i = 0; i < 1000; i++) {
            var ordered = DnsSrvLookup.inOrder(records, random);
            assertThat(ordered).hasSize(2);
            first.add(ordered.getFirst().host());
        }
        assertThat(first).filteredOn("heavy.test"::equals).hasSizeBetween(850, 950);
    }

    @Test
    void passesOverRecordsThatSayThatThereIsNothing() {
        assertThat(DnsSrvLookup.inOrder(List.of(record(0, 0, 0, ".")), new Random(1)))
                .isEmpty();
    }
}
