package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.ErasedUsers;
import io.myelin.clientsync.cache.RoomLoader;
import io.myelin.clientsync.cache.TimelineEvent;
import io.myelin.clientsync.event.Bundles;
import io.myelin.clientsync.event.ClientEvents.Form;
import io.myelin.clientsync.event.ClientEvents;
import io.myelin.clientsync.token.RoomPosition;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.account.AccountQueries.AccountDatum;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.Stickiness;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.JsonWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A joined or left room as one answer tells of it.
 *
 * @param bundles what relates to the timeline's events
 * @param sticky the sticky events that the timeline does not have (MSC4354)
 * @param summary null where it has not changed
 * @param stateAfter whether the state is that of the timeline's end
 */
record RoomSection(
        RoomId room,
        Viewer viewer,
        ErasedUsers erased,
        long incarnation,
        Timeline timeline,
        Bundles bundles,
        List<StoredEvent> state,
        boolean stateAfter,
        List<StoredEvent> sticky,
        @Nullable Summary summary,
        List<AccountDatum> accountData,
        RoomEphemerals ephemerals) {
    /** How many state events are read whole at a time. */
    private static final int AT_ONCE = 100;

    boolean isEmpty() {
        return timeline.events().isEmpty()
                && !timeline.limited()
                && state.isEmpty()
                && sticky.isEmpty()
                && summary == null
                && accountData.isEmpty()
                && ephemerals.tellsNothing();
    }

    /**
     * The place just before the first event. History that was found later is in no timeline, so it lies before that
     * place.
     */
    RoomPosition start() {
        return timeline.events().isEmpty()
                ? RoomPosition.after(incarnation, timeline.start())
                : RoomPosition.before(
                        incarnation, timeline.events().getFirst().stored().place());
    }

    /**
     * Where a client pages back from. As with Synapse, that is the end of a room of which the section tells everything:
     * clients that page back from there find the whole room.
     */
    private RoomPosition previous() {
        boolean isWhole = timeline.start() == 0
                && !timeline.limited()
                && !timeline.events().isEmpty();
        return isWhole
                ? RoomPosition.after(incarnation, timeline.events().getLast().seq())
                : start();
    }

    /**
     * @param loader reads state events that the room keeps compact and the client wants whole
     * @param joined whether the section stands under {@code join}
     */
    void write(JsonWriter out, ClientEvents events, RoomLoader loader, boolean joined) {
        out.name(room.value()).beginObject();
        out.name("timeline").beginObject();
        out.name("events").beginArray();
        for (TimelineEvent event : timeline.events()) {
            StoredEvent replaced = event.replaced();
            events.write(
                    out,
                    event.stored(),
                    Form.WITHOUT_ROOM,
                    viewer.membershipAt(event.stored()),
                    replaced == null
                                    || replaced.number()
                                            != event.stored().event().replaces()
                            ? null
                            : replaced.event().id(),
                    bundles);
        }
        out.endArray();
        out.field("limited", timeline.limited());
        out.field("prev_batch", previous().encode());
        out.endObject();
        out.name(stateAfter ? "state_after" : "state").beginObject();
        out.name("events").beginArray();
        for (int from = 0; from < state.size(); from += AT_ONCE) {
            List<StoredEvent> some = state.subList(from, Math.min(state.size(), from + AT_ONCE));
            List<StoredEvent> told = events.federated() ? loader.whole(room, some) : some;
            told.forEach(stored -> events.writeState(out, viewer.shownAsState(stored, erased), Form.WITHOUT_ROOM));
        }
        out.endArray().endObject();
        AccountSection.write(out, accountData);
        if (!sticky.isEmpty()) {
            out.name(Stickiness.FIELD).beginObject().name("events").beginArray();
            sticky.forEach(stored -> events.writeState(out, viewer.shown(stored, erased), Form.WITHOUT_ROOM));
            out.endArray().endObject();
        }
        if (joined) {
            ephemerals.write(out);
            out.name("summary").beginObject();
            if (summary != null) {
                summary.write(out);
            }
            out.endObject();
        }
        out.endObject();
    }
}
