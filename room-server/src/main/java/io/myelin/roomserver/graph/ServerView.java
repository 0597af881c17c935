package io.myelin.roomserver.graph;

import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.acl.ServerAcl;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.visibility.HistoryVisibility;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import io.myelin.roomserver.storage.RoomTables;
import io.myelin.roomserver.storage.StoredEvents;
import io.myelin.roomserver.storage.StoredGraph;
import io.myelin.roomserver.storage.StoredPdus.StoredPdu;
import io.myelin.roomserver.storage.StoredPlaces;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A room as one other server may see it, within one snapshot. Client-server API, "Room History Visibility", where all users
 * of the server count as one.
 */
public final class ServerView {

    /** How many member events are read at once, until one is found that lets the server see the event. */
    private static final int MEMBERS_AT_ONCE = 100;

    private final ServerName server;
    private final RoomRow room;
    private final StoredPlaces places;
    private boolean takesPart;
    private final Map<Long, Boolean> shown = new HashMap<>();
    private final Map<Long, Membership> memberships = new HashMap<>();
    private @Nullable Map<Long, HistoryVisibility> visibilities;
    private @Nullable List<Long> members;

    private ServerView(ServerName server, RoomRow room, StoredPlaces places) {
        this.server = server;
        this.room = room;
        this.places = places;
    }

    /** Empty if the room's ACL denies the server. */
    public static Optional<ServerView> of(JdbcClient jdbc, RoomTables tables, RoomRow room, ServerName server) {
        if (!isAllowed(jdbc, room, server)) {
            return Optional.empty();
        }
        ServerView view = new ServerView(server, room, new StoredPlaces(jdbc, room));
        view.takesPart = room.replaced() == 0
                ? tables.memberships().hasMember(jdbc, room, server)
                : view.hasMember(new StoredGraph(jdbc, room).currentState(tables), EnumSet.of(Membership.JOIN));
        return Optional.of(view);
    }

    private static boolean isAllowed(JdbcClient jdbc, RoomRow room, ServerName server) {
        List<StoredEvent> acl =
                new StoredEvents(jdbc, room).stateAt(Long.MAX_VALUE, List.of(new Wanted(EventTypes.SERVER_ACL, "")));
        return acl.stream()
                .map(event -> PduBytes.content(event.event().body()))
                .map(content -> ServerAcl.of(JsonParser.parseObject(content, JsonRules.LENIENT_EVENTS)))
                .allMatch(rules -> rules.allows(server));
    }

    /** Whether the server has a member in the room now. */
    public boolean takesPart() {
        return takesPart;
    }

    /** Whether the server may have the whole state before an event, and the event's auth chain. */
    public boolean maySeeState(EventEntity event) {
        return takesPart || (!event.isOutlier() && hasMember(event.stateBefore(), EnumSet.of(Membership.JOIN)));
    }

    /**
     * Whether the server sees an event. An event that changes what the server sees is visible if it would be before or after
     * the change.
     */
    public boolean sees(EventEntity event) {
        if (event.isOutlier() || room.hides(event.place())) {
            return takesPart && event.stateKey() != null;
        }
        return isShown(event.stateBefore()) || (changesTheView(event.pdu()) && isShown(event.stateAfter()));
    }

    /**
     * The event as the server gets it: whole if it sees the event, pruned if it only takes part in the room, else nothing;
     * nothing of the purged history.
     */
    public Optional<byte[]> bodyOf(StoredPdu pdu) {
        if (room.hides(pdu.event().place())) {
            return Optional.empty();
        }
        if (sees(pdu.event())) {
            return Optional.of(pdu.body());
        }
        return takesPart ? Optional.of(pdu.pruned()) : Optional.empty();
    }

    /** As above, of each. */
    public List<byte[]> bodiesOf(List<StoredPdu> pdus) {
        List<byte[]> bodies = new ArrayList<>();
        for (StoredPdu pdu : pdus) {
            bodyOf(pdu).ifPresent(bodies::add);
        }
        return bodies;
    }

    private boolean changesTheView(Pdu event) {
        String stateKey = event.stateKey();
        return event.is(EventTypes.HISTORY_VISIBILITY, "")
                || (event.type().equals(EventTypes.MEMBER)
                        && stateKey != null
                        && UserId.tryParse(stateKey)
                                .filter(user -> user.isOn(server))
                                .isPresent());
    }

    /** Whether the server sees what is sent in this state. */
    private boolean isShown(long state) {
        Boolean known = shown.get(state);
        if (known == null) {
            Set<Membership> needed = takesPart ? visibility(state).neededThen() : EnumSet.of(Membership.JOIN);
            known = needed.isEmpty() || hasMember(state, needed);
            shown.put(state, known);
        }
        return known;
    }

    private HistoryVisibility visibility(long state) {
        Map<Long, HistoryVisibility> ever = visibilities();
        if (ever.values().stream()
                .allMatch(visibility -> visibility.neededThen().isEmpty())) {
            return HistoryVisibility.SHARED; // as in most rooms; no state has to be read
        }
        return places.within(state, List.copyOf(ever.keySet())).stream()
                .map(ever::get)
                .findFirst()
                .orElse(HistoryVisibility.SHARED);
    }

    private Map<Long, HistoryVisibility> visibilities() {
        Map<Long, HistoryVisibility> ever = visibilities;
        if (ever == null) {
            ever = new HashMap<>();
            for (Map.Entry<Long, Pdu> event : places.events(places.sentFor(EventTypes.HISTORY_VISIBILITY, ""))
                    .entrySet()) {
                ever.put(event.getKey(), HistoryVisibility.of(event.getValue()));
            }
            visibilities = ever;
        }
        return ever;
    }

    /** Whether a user of the server has one of these memberships in a state. */
    private boolean hasMember(long state, Set<Membership> wanted) {
        if (members == null) {
            members = places.sentForMembersOf(server);
        }
        List<Long> here = places.within(state, members);
        for (int from = 0; from < here.size(); from += MEMBERS_AT_ONCE) {
            List<Long> some = here.subList(from, Math.min(here.size(), from + MEMBERS_AT_ONCE));
            readMemberships(some);
            if (some.stream().map(memberships::get).anyMatch(wanted::contains)) {
                return true;
            }
        }
        return false;
    }

    private void readMemberships(List<Long> events) {
        List<Long> unread =
                events.stream().filter(event -> !memberships.containsKey(event)).toList();
        if (!unread.isEmpty()) {
            places.events(unread).forEach((number, event) -> memberships.put(number, Membership.of(event)));
        }
    }
}
