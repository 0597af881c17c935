package io.myelin.roomserver.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.roomserver.state.EventNumbers;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AuthChainCacheTest {

    private final AuthChainCache cache = new AuthChainCache();

    private static AuthChainCache.Key key(long state) {
        return new AuthChainCache.Key(0, 1, true, state);
    }

    private static EventNumbers chain(int size) {
        return EventNumbers.of(LongStream.rangeClosed(1, size).toArray());
    }

    @Test
    void keepsWhatWasAskedForLast() {
        int third = AuthChainCache.MOST_EVENTS / 3;
        cache.keep(key(1), chain(third));
        cache.keep(key(2), chain(third));
        assertThat(cache.find(key(1))).contains(chain(third));

        cache.keep(key(3), chain(third));

        assertThat(cache.find(key(1))).isPresent();
        assertThat(cache.find(key(2))).isEmpty();
        assertThat(cache.find(key(3))).isPresent();
    }

    @Test
    void passesOverWhatIsLargerThanItself() {
        cache.keep(key(1), chain(10));
        cache.keep(key(2), chain(AuthChainCache.MOST_EVENTS + 1));
        assertThat(cache.find(key(1))).isPresent();
        assertThat(cache.find(key(2))).isEmpty();
    }
}
