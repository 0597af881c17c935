package io.myelin.engine.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.engine.Numbered;
import org.junit.jupiter.api.Test;

class TailCacheTest {

    private final TailCache<String, String, String> cache = new TailCache<>((value, fact) -> value + fact.fact());

    @Test
    void appliesWhatWasKeptSinceTheValueWasExpected() {
        cache.expect("room");
        apply(1, "a");
        apply(2, "b");
        cache.loaded("room", "A", 1);

        assertThat(cache.get("room")).contains("Ab");
    }

    @Test
    void hidesAValueThatTheTailHasNotReached() {
        cache.expect("room");
        cache.loaded("room", "abc", 3);
        assertThat(cache.get("room")).isEmpty();

        apply(3, "c");
        assertThat(cache.get("room")).contains("abc");
    }

    @Test
    void dropsAnAnswerFromBeforeTheValueWasExpectedAnew() {
        cache.expect("room");
        cache.forget("room");
        apply(1, "a");
        apply(2, "b");
        cache.expect("room");
        cache.loaded("room", "a", 1);
        assertThat(cache.get("room")).isEmpty();

        cache.loaded("room", "ab", 2);
        assertThat(cache.get("room")).contains("ab");
    }

    @Test
    void givesUpAValueForWhichTooMuchComesWhileItIsLoaded() {
        TailCache<String, String, String> small = new TailCache<>(
                (value, fact) -> value + fact.fact(), fact -> fact.fact().length(), 2);
        small.expect("room");
        for (int seq = 1; seq <= 3; seq++) {
            small.apply("room", new Numbered<>(seq, "x"));
            small.reached(seq);
        }
        small.loaded("room", "x", 1);
        assertThat(small.get("room")).isEmpty();

        assertThat(small.expect("room")).isTrue();
        small.loaded("room", "xxx", 3);
        assertThat(small.get("room")).contains("xxx");
    }

    @Test
    void asksOnce() {
        assertThat(cache.expect("room")).isTrue();
        assertThat(cache.expect("room")).isFalse();
    }

    private void apply(long seq, String fact) {
        cache.apply("room", new Numbered<>(seq, fact));
        cache.reached(seq);
    }
}
