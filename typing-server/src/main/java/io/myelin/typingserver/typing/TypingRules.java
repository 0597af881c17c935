package io.myelin.typingserver.typing;

import io.myelin.contracts.typing.RoomTyping;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.engine.ephemeral.EphemeralRules;
import io.myelin.matrix.id.RoomId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rules of typing in a room. Client-server API, "Typing Notifications". A timeout counts from the time of its
 * record, so that reading the record again after a take-over changes nothing.
 */
public final class TypingRules implements EphemeralRules<SetTyping, Typists, RoomTyping> {

    private final Duration longest;
    private final int mostTypists;

    /**
     * @param longest the longest that a user is shown as typing without another notification
     * @param mostTypists the most users shown as typing in a room at once; a user who begins beyond that is not shown
     */
    public TypingRules(Duration longest, int mostTypists) {
        this.longest = longest;
        this.mostTypists = mostTypists;
    }

    /** The longest that one notification counts. */
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
