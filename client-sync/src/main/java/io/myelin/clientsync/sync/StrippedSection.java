package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.event.ClientEvents;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/** A room that a user is invited to or knocks at, in stripped state. Client-server API, "Stripped state". */
record StrippedSection(CachedRoom room, UserId viewer) {
    private static final List<String> TYPES = List.of(
            EventTypes.CREATE,
            EventTypes.JOIN_RULES,
            EventTypes.NAME,
            EventTypes.AVATAR,
            EventTypes.TOPIC,
            EventTypes.CANONICAL_ALIAS,
            EventTypes.ENCRYPTION);

    /** The places of the state that are told to a user whose member event {@code sender} has sent. */
    static List<Wanted> places(UserId viewer, UserId sender) {
        List<Wanted> places = new ArrayList<>();
        TYPES.forEach(type -> places.add(new Wanted(type, "")));
        places.add(new Wanted(EventTypes.MEMBER, viewer.value()));
        places.add(new Wanted(EventTypes.MEMBER, sender.value()));
        return places;
    }

    List<StoredEvent> events() {
        List<StoredEvent> events = new ArrayList<>();
        for (String type : TYPES) {
            StoredEvent stored = room.state().get(type, "");
            if (stored != null) {
                events.add(stored);
            }
        }
        StoredEvent own = room.member(viewer);
        if (own != null) {
            StoredEvent inviter =
                    room.state().get(EventTypes.MEMBER, own.event().sender().value());
            if (inviter != null && inviter != own) {
                events.add(inviter);
            }
            events.add(own);
        }
        return events;
    }

    /** @param name {@code invite_state} or {@code knock_state} */
    void write(JsonWriter out, String name) {
        out.name(room.id().value()).beginObject();
        out.name(name).beginObject().name("events").beginArray();
        events().forEach(stored -> ClientEvents.writeStripped(out, stored));
        out.endArray().endObject().endObject();
    }
}
