package io.myelin.matrix.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.id.EventId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelationTest {
    private static Optional<Relation> of(String content) {
        return Relation.of(("{\"content\":{" + content + "},\"event_id\":\"$b\",\"rel_type\":\"m.thread\",\"type\":\"t\"}")
                .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void isWhatTheContentSays() {
        assertThat(of("\"m.relates_to\":{\"event_id\":\"$a\",\"rel_type\":\"m.thread\"}"))
                .contains(new Relation(Relation.THREAD, new EventId("$a")));
        assertThat(of("\"a\":[{}],\"m.relates_to\":{\"event_id\":\"$a\",\"key\":1.5,\"rel_type\":\"\\\"x\"}"))
                .contains(new Relation("\"x", new EventId("$a")));
    }

    @Test
    void isNoneIfPartOfItIsMissing() {
        assertThat(of("\"body\":\"m.relates_to\"")).isEmpty();
        assertThat(of("\"m.relates_to\":{\"event_id\":\"$a\"}")).isEmpty();
        assertThat(of("\"m.relates_to\":{\"rel_type\":\"m.thread\"}")).isEmpty();
        assertThat(of("\"m.relates_to\":{}")).isEmpty();
        assertThat(of("\"m.relates_to\":\"$a\"")).isEmpty();
        assertThat(of("\"m.relates_to\":{\"event_id\":7,\"rel_type\":\"m.thread\"}")).isEmpty();
        assertThat(of("\"m.relates_to\":{\"event_id\":\"a\",\"rel_type\":\"m.thread\"}")).isEmpty();
    }
}
