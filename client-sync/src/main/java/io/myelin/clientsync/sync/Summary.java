package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.MemberCounts;
import io.myelin.clientsync.cache.TimelineEvent;
import io.myelin.clientsync.event.EventContent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * What a client names a room by. Client-server API, {@code RoomSummary}.
 *
 * @param heroes the first five other members; empty where the room has a name
 */
public record Summary(List<String> heroes, boolean named, MemberCounts counts) {
    private static final int HEROES = 5;

    static Summary of(CachedRoom room, UserId viewer) {
        boolean named = has(room, EventTypes.NAME, "name") || has(room, EventTypes.CANONICAL_ALIAS, "alias");
        return new Summary(named ? List.of() : heroes(room, viewer), named, room.counts());
    }

    /** The summary if anything that it is made of changed after a number. */
    static Optional<Summary> ifChanged(CachedRoom room, UserId viewer, long since) {
        boolean changed = !room.reachesBackTo(since)
                || room.resolutions().since(since).stream().anyMatch(place -> matters(place.type()))
                || room.window().subList(room.indexAfter(since), room.window().size()).stream()
                        .anyMatch(Summary::matters);
        return changed ? Optional.of(of(room, viewer)) : Optional.empty();
    }

    private static boolean matters(TimelineEvent event) {
        return event.changesState() && matters(event.stored().event().type());
    }

    private static boolean matters(String type) {
        return type.equals(EventTypes.MEMBER)
                || type.equals(EventTypes.NAME)
                || type.equals(EventTypes.CANONICAL_ALIAS);
    }

    private static boolean has(CachedRoom room, String type, String field) {
        return room.stateField(type, field).filter(value -> !value.isEmpty()).isPresent();
    }

    private static List<String> heroes(CachedRoom room, UserId viewer) {
        Oldest here = new Oldest();
        Oldest gone = new Oldest();
        room.state().forEach(EventTypes.MEMBER, (user, member) -> {
            if (!user.equals(viewer.value())) {
                switch (EventContent.membership(member)) {
                    case "join", "invite" -> here.offer(member);
                    case "leave", "ban" -> gone.offer(member);
                    default -> {
                        // a user who knocks is not a member yet
                    }
                }
            }
        });
        return (here.isEmpty() ? gone : here).users();
    }

    /** The first few of many members, in order of their events. */
    private static final class Oldest {
        private static final Comparator<StoredEvent> ORDER = Comparator.comparingLong(StoredEvent::seq);

        private final PriorityQueue<StoredEvent> found = new PriorityQueue<>(HEROES + 1, ORDER.reversed());

        void offer(StoredEvent member) {
            if (found.size() < HEROES) {
                found.add(member);
            } else if (ORDER.compare(member, found.element()) < 0) {
                found.remove();
                found.add(member);
            }
        }

        boolean isEmpty() {
            return found.isEmpty();
        }

        List<String> users() {
            return found.stream()
                    .sorted(ORDER)
                    .map(member -> String.valueOf(member.event().stateKey()))
                    .toList();
        }
    }

    void write(JsonWriter out) {
        if (!named) {
            out.name("m.heroes").beginArray();
            heroes.forEach(out::value);
            out.endArray();
        }
        out.field("m.joined_member_count", counts.joined());
        out.field("m.invited_member_count", counts.invited());
    }
}
