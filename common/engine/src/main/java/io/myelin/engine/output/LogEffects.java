package io.myelin.engine.output;

import io.myelin.engine.Numbered;
import java.util.List;

/**
 * The effects that {@link LogPublishing} asks the shell for. The shell reports each outcome by the input that the method
 * names.
 */
public interface LogEffects<F> {

    /**
     * A fact as a record of the output topic; the same fact is always the same record.
     *
     * @throws RuntimeException if it cannot be encoded
     */
    byte[] encode(F fact);

    /**
     * Publish facts, {@link #encode encoded} → {@link LogPublishing#acknowledged(long)} with the last one's number, or {@link
     * LogPublishing#failed}, in the order of the calls.
     */
    void publish(int shard, long epoch, long incarnation, List<Numbered<byte[]>> facts);

    /** Read the log after a number → {@link LogPublishing#read} or {@link LogPublishing#readFailed}. */
    void readLog(int shard, long epoch, long after);

    /** Log a warning for the administrator. */
    void warn(String message);
}
