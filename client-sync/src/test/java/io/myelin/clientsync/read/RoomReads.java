package io.myelin.clientsync.read;

import static io.myelin.clientsync.fixture.Server.session;
import static io.myelin.clientsync.fixture.SyncingClient.objects;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.filter.EventFilter;
import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.MatrixException;
import java.util.List;

/** Reads one room as clients do, and parses the answers. */
record RoomReads(Server server, Room room) {
    static JsonObject json(byte[] body) {
        return JsonParser.parseObject(body);
    }

    JsonObject messages(UserId user) {
        return json(server.messages
                .read(new Messages.Request(session(user), room.id(), null, null, true, 1000, EventFilter.ALL))
                .toBytes());
    }

    JsonObject context(UserId user, EventId event, int limit) {
        return json(server.events
                .context(session(user), room.id(), event, limit, EventFilter.ALL)
                .toBytes());
    }

    static List<String> ids(JsonObject answer, String field) {
        return SyncingClient.ids(objects(answer.array(field).orElse(JsonArray.EMPTY)));
    }

    boolean findsAlone(UserId user, EventId event) {
        try {
            server.events.event(session(user), room.id(), event);
            return true;
        } catch (MatrixException e) {
            assertThat(e.status()).isEqualTo(404);
            return false;
        }
    }
}
