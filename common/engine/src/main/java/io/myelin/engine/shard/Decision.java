package io.myelin.engine.shard;

import java.util.List;
import java.util.Map;

/**
 * A decider's decision on a command.
 *
 * @param changes the new states of the entities that changed
 * @param facts the new facts in order; each gets a number, is stored, and is published
 * @param answer the answer to the writer, encoded
 * @param accepted whether the answer is kept under the command's transaction key, so that a repetition under another
 *     command id gets the same answer; a refusal is not
 * @param orders commands for other shards, sent until they are answered
 */
public record Decision<S, F>(
        Map<String, S> changes, List<F> facts, byte[] answer, boolean accepted, List<Order> orders) {

    /** Nothing changes; the answer says why. */
    public static <S, F> Decision<S, F> refused(byte[] answer) {
        return new Decision<>(Map.of(), List.of(), answer, false, List.of());
    }

    /** Nothing needs to change: the state is already as the command wants it. */
    public static <S, F> Decision<S, F> unchanged(byte[] answer) {
        return new Decision<>(Map.of(), List.of(), answer, true, List.of());
    }
}
