package io.myelin.clientsync.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.event.ClientEvents.Form;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.SentEvent;
import io.myelin.contracts.room.StateLinks;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.web.JsonWriter;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClientEventsTest {

    private static final UserId ALICE = new UserId("@alice:test");
    private static final ClientEvents CLIENT = new ClientEvents(new Session(ALICE, "DEVICE", false, false, 1), 2000);

    /** Events as other server implementations have sent them. */
    @Nested
    class OfVersion1WithANumberThatCanonicalJsonLacks {

        private static final String BODY =
                "{\"content\":{\"at\":1.5},\"event_id\":\"$a:test\",\"origin_server_ts\":1000,\"sender\":\"@alice:test\"";

        private final RoomEvent message = event("m.room.message", BODY + ",\"type\":\"m.room.message\"}");

        @Test
        void hasItWhole() {
            assertThat(written(CLIENT, message)).contains("\"content\":{\"at\":1.5}");
        }

        @Test
        void hasItInTheFieldsThatAreWanted() {
            ClientEvents some =
                    new ClientEvents(CLIENT.viewer(), 2000, new EventFields(List.of(List.of("content"))), false);
            assertThat(written(some, message)).isEqualTo("{\"content\":{\"at\":1.5}}");
        }

        @Test
        void hasItAsServersExchangeItWithOneEventId() {
            ClientEvents federated = new ClientEvents(CLIENT.viewer(), 2000, null, true);
            assertThat(written(federated, message))
                    .contains("\"content\":{\"at\":1.5}")
                    .containsOnlyOnce("\"event_id\":\"$a:test\"");
        }

        @Test
        void losesItWithARedaction() {
            assertThat(written(CLIENT, message.redacted(RoomVersions.V1))).contains("\"content\":{}");
        }

        @Test
        void keepsItInARedaction() {
            RoomEvent redaction =
                    event("m.room.redaction", BODY + ",\"redacts\":\"$b:test\",\"type\":\"m.room.redaction\"}");
            assertThat(written(CLIENT, redaction))
                    .contains("\"redacts\":\"$b:test\",\"content\":{\"at\":1.5,\"redacts\":\"$b:test\"}");
        }
    }

    private static String written(ClientEvents client, RoomEvent event) {
        JsonWriter out = new JsonWriter();
        client.write(out, new StoredEvent(7, event, null, null), Form.WITHOUT_ROOM, null, Bundles.NONE);
        return new String(out.toBytes(), UTF_8);
    }

    private static RoomEvent event(String type, String body) {
        return new RoomEvent(
                new RoomId("!room:test"),
                "1",
                new SentEvent(new EventId("$a:test"), type, null, ALICE, 1000, body.getBytes(UTF_8)),
                new StateLinks(1, 0, 0));
    }
}
