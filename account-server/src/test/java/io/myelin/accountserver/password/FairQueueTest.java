package io.myelin.accountserver.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private final List<String> displaced = new ArrayList<>();
    private final FairQueue<String> queue = new FairQueue<>(4, displaced::add);

    @Test
    void letsClientsTakeTurns() throws InterruptedException {
        queue.offer("a", "a1");
        queue.offer("a", "a2");
        queue.offer("a", "a3");
        queue.offer("b", "b1");
        assertThat(List.of(queue.take(), queue.take(), queue.take(), queue.take()))
                .containsExactly("a1", "b1", "a2", "a3");
    }

    @Test
    void givesThePlaceOfWhoHasManyToWhoHasFewer() throws InterruptedException {
        for (int i = 1; i <= 4; i++) {
            assertThat(queue.offer("a", "a" + i)).isTrue();
        }
        assertThat(queue.offer("a", "a5")).isFalse();
        assertThat(queue.offer("b", "b1")).isTrue();
        assertThat(displaced).containsExactly("a4");
        assertThat(queue.take()).isEqualTo("a1");
        assertThat(queue.take()).isEqualTo("b1");
    }

    @Test
    void takesNoPlaceOfWhoHasNoMore() {
        for (String client : List.of("a", "b", "c", "d")) {
            assertThat(queue.offer(client, client)).isTrue();
        }
        assertThat(queue.offer("e", "e")).isFalse();
        assertThat(displaced).isEmpty();
    }
}
