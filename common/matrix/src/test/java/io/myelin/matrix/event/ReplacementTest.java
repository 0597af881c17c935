package io.myelin.matrix.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.id.EventId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplacementTest {
    private static final String TO_A = "\"m.relates_to\":{\"event_id\":\"$a\",\"rel_type\":\"m.replace\"}";

    private static Optional<EventId> target(String type, String content) {
        return Replacement.target(
                ("{\"content\":{" + content + "},\"type\":\"" + type + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void namesTheEventThatIsEdited() {
        assertThat(target("m.room.message", "\"body\":\"x\",\"m.new_content\":{}," + TO_A))
                .contains(new EventId("$a"));
    }

    @Test
    void isNoneWithoutNewContent() {
        assertThat(target("m.room.message", TO_A)).isEmpty();
        assertThat(target("m.room.message", "\"m.new_content\":5," + TO_A)).isEmpty();
    }

    @Test
    void doesNotLookIntoAnEncryptedEvent() {
        assertThat(target("m.room.encrypted", TO_A)).contains(new EventId("$a"));
    }

    @Test
    void isNoneForOtherRelations() {
        assertThat(target("m.reaction", TO_A.replace("m.replace", "m.annotation")))
                .isEmpty();
        assertThat(target("m.room.message", "\"m.new_content\":{},\"m.relates_to\":\"$a\""))
                .isEmpty();
        assertThat(target("m.room.message", "\"body\":\"x\"")).isEmpty();
    }

    @Test
    void readsTheNumbersOfOldVersions() {
        assertThat(target("m.room.message", "\"m.new_content\":{}," + TO_A.replace("{", "{\"a\":1.5,")))
                .contains(new EventId("$a"));
    }

    @Test
    void isNoneForState() {
        byte[] body = ("{\"content\":{\"m.new_content\":{}," + TO_A + "},\"state_key\":\"\",\"type\":\"t\"}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(Replacement.target(body)).isEmpty();
    }
}
