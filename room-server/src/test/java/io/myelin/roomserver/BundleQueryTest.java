package io.myelin.roomserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.room.BundleQuery;
import io.myelin.contracts.room.BundleQuery.Hidden;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BundleQueryTest {
    private static BundleQuery hiding(List<Hidden> hidden) {
        return new BundleQuery(List.of(new EventId("$a")), new UserId("@a:b"), List.of(), 7, hidden);
    }

    @Test
    void hidesMoreAndNeverLessWhereTooMuchIsHidden() {
        List<Hidden> many = IntStream.range(0, BundleQuery.MOST_HIDDEN + 50)
                .mapToObj(i -> new Hidden(10L * i, 10L * i + 5))
                .toList();
        List<Hidden> told = hiding(many).hidden();
        assertThat(told).hasSize(BundleQuery.MOST_HIDDEN);
        assertThat(told.getFirst()).isEqualTo(many.getFirst());
        assertThat(told.getLast())
                .isEqualTo(new Hidden(
                        10L * (BundleQuery.MOST_HIDDEN - 1), many.getLast().last()));
    }

    @Test
    void travels() {
        BundleQuery query = hiding(List.of(new Hidden(1, 2)));
        assertThat(Cbor.decode(Cbor.encode(query), BundleQuery.class)).isEqualTo(query);
    }
}
