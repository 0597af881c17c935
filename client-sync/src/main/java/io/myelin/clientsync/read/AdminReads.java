package io.myelin.clientsync.read;

import io.myelin.clientsync.event.ClientEvents;
import io.myelin.clientsync.event.ClientEvents.Form;
import io.myelin.clientsync.event.EventContent;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members and state of any room, in the form of Synapse's admin API. */
public final class AdminReads {
    private final JoinedRooms rooms;
    private final Clock clock;

    /** @param rooms lets administrators read every room */
    public AdminReads(JoinedRooms rooms, Clock clock) {
        this.rooms = rooms;
        this.clock = clock;
    }

    /** @throws MatrixException 404 if there is no such room */
    public StreamedJson members(Session session, RoomId id) {
        RoomView view = rooms.history(session.user(), id);
        List<String> joined = new ArrayList<>();
        view.room().state().forEach(EventTypes.MEMBER, (user, member) -> {
            if (EventContent.membership(member).equals("join")) {
                joined.add(user);
            }
        });
        return HeldAnswer.of(view.room(), out -> {
            out.beginObject().name("members").beginArray();
            joined.forEach(out::value);
            out.endArray().field("total", joined.size()).endObject();
        });
    }

    /**
     * @param type the type of the events wanted; null for all
     * @throws MatrixException 404 if there is no such room
     */
    public StreamedJson state(Session session, RoomId id, @Nullable String type) {
        RoomView view = rooms.history(session.user(), id);
        ClientEvents client = new ClientEvents(session, clock.millis());
        return HeldAnswer.of(view.room(), out -> {
            out.beginObject().name("state").beginArray();
            view.room().state().forEach((_, stored) -> {
                if (type == null || stored.event().type().equals(type)) {
                    client.writeState(out, view.shownAsState(stored), Form.WITH_ROOM);
                }
            });
            out.endArray().endObject();
        });
    }
}
