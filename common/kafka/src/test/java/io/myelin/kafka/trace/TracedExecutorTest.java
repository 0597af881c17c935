package io.myelin.kafka.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class TracedExecutorTest {
    private final NotedTraces traces = new NotedTraces();
    private final TracedExecutor executor = new TracedExecutor(Runnable::run, traces, "client-sync", "look");

    @Test
    void taskOfATraceIsASpanOfIt() {
        var worksOn = new ArrayList<TraceParent>();
        try (var _ = traces.begin(Span.Kind.CONSUMER, "process", null).enter()) {
            executor.execute(() -> worksOn.add(traces.current()));
        }
        var look = traces.named("look");
        assertThat(look.parent).isEqualTo(traces.named("process").place);
        assertThat(worksOn).containsExactly(look.place);
        assertThat(look.ends).isEqualTo(1);
    }

    @Test
    void otherTasksAreNone() {
        var done = new ArrayList<String>();
        executor.execute(() -> done.add("done"));
        assertThat(done).containsExactly("done");
        assertThat(traces.spans()).isEmpty();
    }

    @Test
    void messageThatWakesThousandsIsNoThousandSpans() {
        var done = new ArrayList<Integer>();
        try (var _ = traces.begin(Span.Kind.CONSUMER, "process", null).enter()) {
            for (int task = 0; task < 1_000; task++) {
                int number = task;
                executor.execute(() -> done.add(number));
            }
        }
        assertThat(done).hasSize(1_000);
        assertThat(traces.names()).filteredOn("look"::equals).hasSize(TracedExecutor.MOST);
    }
}
