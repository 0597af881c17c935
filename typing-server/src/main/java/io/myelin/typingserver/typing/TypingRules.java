package io.myelin.typingserver.typing;

import io.myelin.contracts.typing.RoomTyping;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.engine.ephemeral.EphemeralRules;
import io.myelin.matrix.id.RoomId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who types in a room. Client-server API, "Typing Notifications". What was said is counted from when it was said, so that
 * hearing it again after a take-over changes nothing.
 */
public final class TypingRules implements EphemeralRules<SetTyping, Typists, RoomTyping> {

    private final Duration longest;
    private final int mostTypists;

    /**
     * @param longest for which somebody types at most without saying so again
     * @param mostTypists in a room at once; who begins beyond that is not shown
     */
    public TypingRules(Duration longest, int mostTypists) {
        this.longest = longest;
        this.mostTypists = mostTypists;
    }

    /** For which what somebody said may count. */
    public Duration longest() {
        return longest;
    }

    @Override
    public String key(SetTyping input) {
        return input.room().value();
    }

    @Override
    public Typists initial(String key) {
        return Typists.none(new RoomId(key));
    }

    @Override
    public Typists receive(Typists state, SetTyping input, long at, long now) {
        Typists typing = state.at(now);
        if (input.timeoutMillis() <= 0) {
            return typing.without(input.user());
        }
        long end = at + Math.min(input.timeoutMillis(), longest.toMillis());
        if (end <= now) {
            return typing.without(input.user());
        }
        boolean isFull = typing.until().size() >= mostTypists && !typing.until().containsKey(input.user());
        return isFull ? typing : typing.with(input.user(), end);
    }

    @Override
    public Typists timePasses(Typists state, long now) {
        return state.at(now);
    }

    @Override
    public long dueAt(Typists state) {
        return state.nextEnd();
    }

    @Override
    public RoomTyping show(Typists state, @Nullable RoomTyping shown, long now) {
        return new RoomTyping(state.room(), state.users());
    }

    @Override
    public boolean isBlank(Typists state) {
        return state.nobody();
    }
}
