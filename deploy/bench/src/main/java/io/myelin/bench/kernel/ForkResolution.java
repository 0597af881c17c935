package io.myelin.bench.kernel;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateMap;
import java.util.concurrent.TimeUnit;
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
 * Resolves the states of two forks of a room of 10,000 members, which differ in 1,000 places; all events are in memory, and
 * the graph of auth events is walked anew each time. Versions 11 and 12 have the two algorithms in use.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // Set by the preparation, which JMH runs before it measures.
public class ForkResolution {

    @Param({"11", "12"})
    public String version;

    private ForkedRoom room;

    @Setup
    public void prepare() {
        room = ForkedRoom.of(RoomVersions.find(version).orElseThrow());
    }

    @Benchmark
    public StateMap<EventId> resolve() {
        return room.resolve();
    }

    ForkedRoom room() {
        return room;
    }
}
