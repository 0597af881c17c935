package io.myelin.bench.kernel;

import io.myelin.matrix.auth.AuthResult;
import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Checks a message against the state of a room of 10,000 members. The sender is another member each time, so that the state
 * is not in the processor's cache as it would be with a single sender.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // Set by the preparation, which JMH runs before it measures.
public class MessageAuthorisation {

    private static final int SENDERS = 5_000;

    @Param({"11", "12"})
    public String version;

    private StateMap<Pdu> state;
    private List<Pdu> messages;
    private int next;

    @Setup
    public void prepare() {
        var room = LargeRoom.of(RoomVersions.find(version).orElseThrow());
        var content = JsonObject.of("msgtype", "m.text").with("body", "Hello");
        state = room.events();
        messages = IntStream.range(0, SENDERS)
                .mapToObj(number -> room.next(LargeRoom.member(number), EventTypes.MESSAGE, null, content))
                .toList();
    }

    @Benchmark
    public AuthResult check() {
        next = (next + 1) % SENDERS;
        return AuthRules.check(messages.get(next), state::get);
    }
}
