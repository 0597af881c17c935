package io.myelin.clientroomsend.create;

import io.myelin.clientroomsend.send.EventRules;
import io.myelin.contracts.room.StateEntry;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.ArrayList;
import java.util.List;

/** The {@code initial_state} of a new room. */
final class InitialState {
    private InitialState() {}

    static List<StateEntry> parse(RequestFields request) {
        List<StateEntry> entries = new ArrayList<>();
        for (RequestFields entry : request.objects("initial_state")) {
            String type = entry.requiredString("type");
            if (type.equals(EventTypes.CREATE) || type.equals(EventTypes.MEMBER)) {
                throw new MatrixException(
                        400,
                        "M_INVALID_ROOM_STATE",
                        "An event of type " + type + " cannot be a part of initial_state: the server makes it.");
            }
            String stateKey = entry.string("state_key", "");
            JsonObject content = entry.object("content");
            if (content == null) {
                throw entry.missing("content");
            }
            entries.add(new StateEntry(type, stateKey, EventRules.check(type, stateKey, content)));
        }
        return List.copyOf(entries);
    }
}
