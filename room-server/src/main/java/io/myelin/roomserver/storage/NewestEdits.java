package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.Replacement;
import io.myelin.matrix.id.EventId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects edits that are offered newest first: those by the sender of the edited event, as many as an answer holds. */
final class NewestEdits {
    private final Map<EventId, String> senders;
    private final Map<EventId, Integer> taken = new HashMap<>();
    private final List<StoredEvent> found = new ArrayList<>();
    private long bytes;

    /** @param senders the senders of the edited events */
    NewestEdits(Map<EventId, String> senders) {
        this.senders = senders;
    }

    void offer(StoredEvent edit) {
        Optional<EventId> target = Replacement.target(edit.event().body());
        if (edit.redactedBecause() != null
                || target.isEmpty()
                || !edit.event().sender().value().equals(senders.get(target.get()))) {
            return;
        }
        bytes += edit.event().body().length;
        if (bytes <= RoomQueries.MOST_EDIT_BYTES
                && taken.merge(target.get(), 1, Integer::sum) <= RoomQueries.MOST_EDITS) {
            found.add(edit);
        }
    }

    List<StoredEvent> found() {
        return found;
    }
}
