package io.myelin.engine.shard;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A command that has arrived and is not done. */
final class Work<C> {

    static final long AT_THE_DOOR = -1;
    static final long NEVER = -1;

    /** How often a heavy command is prepared at most, as its entities may change; then it is decided as it is. */
    private static final int PREPARATIONS = 3;

    final Request<C> request;
    final long offset;

    /** The command as it is decided: as it came, or prepared; null if this release cannot read it. */
    private @Nullable C command;

    /** Whether it has to be prepared beside the loop before it is decided. */
    boolean heavy;

    /** Whether it is being prepared. */
    boolean preparing;

    /** The states that it was prepared on. */
    private @Nullable Map<String, ?> preparedOn;

    private int preparations;

    /** The entities that it needs, as far as known. */
    List<String> keys;

    /**
     * How many transactions the shard had committed when kept answers were looked up; later ones may have kept further
     * answers.
     */
    long lookedUpAt = NEVER;

    /** Whether it was part of a transaction that met a kept answer, or would be refused unless there is one. */
    boolean conflicted;

    /** The kept answer to this very command. */
    byte @Nullable [] answered;

    /** The kept answer to the client's transaction under another command. */
    byte @Nullable [] repeated;

    /** Why this command is given up instead of decided. */
    @Nullable
    String hopeless;

    /** Whether earlier owners died, perhaps of it. */
    boolean blamedForDeaths;

    /** How often the transaction that it was alone in took too long. */
    int timeouts;

    /** Whether not even its failure could be stored. */
    boolean failureUnstorable;

    Work(Request<C> request, List<String> keys, long offset) {
        this.request = request;
        command = request.command();
        this.keys = keys;
        this.offset = offset;
    }

    /** A command that cannot be decided. It needs no entity, and is refused by a commit like any other. */
    static <C> Work<C> hopeless(Request<C> request, long offset, String why) {
        Work<C> work = new Work<>(request, List.of(), offset);
        work.hopeless = why;
        return work;
    }

    /**
     * Whether it has to be prepared before it is decided on these states: not if it was prepared on the same states, nor
     * after {@value #PREPARATIONS} times.
     */
    boolean mustBePrepared(Function<String, @Nullable Object> states) {
        if (!heavy || hopeless != null || preparations >= PREPARATIONS) {
            return false;
        }
        return preparedOn == null
                || preparedOn.entrySet().stream().anyMatch(on -> states.apply(on.getKey()) != on.getValue());
    }

    /** The command as it came. */
    C original() {
        return Objects.requireNonNull(request.command());
    }

    /** The command as it is to be decided. */
    C command() {
        return Objects.requireNonNull(command);
    }

    void prepared(C prepared, Map<String, ?> on) {
        command = prepared;
        preparedOn = on;
        preparations++;
    }

    void conflicted() {
        conflicted = true;
        lookedUpAt = NEVER;
        answered = null;
        repeated = null;
    }
}
