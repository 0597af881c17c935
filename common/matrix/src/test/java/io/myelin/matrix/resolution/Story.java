package io.myelin.matrix.resolution;

import io.myelin.matrix.auth.TestUser;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.ResolutionAlgorithm;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The events of a room, made through its forks: {@code aRoom(V11).createdBy(ALICE).then(BOB.joins())}. Each event is a
 * second later than the one made before it. The events are not checked by the rules.
 */
final class Story {
    private final RoomVersion version;
    private final Map<EventId, Pdu> events = new LinkedHashMap<>();
    private final Set<EventId> rejected = new HashSet<>();
    private long clock;

    private Story(RoomVersion version) {
        this.version = version;
    }

    static Story aRoom(RoomVersion version) {
        return new Story(version);
    }

    /** The same version with this algorithm of state resolution. */
    static RoomVersion resolving(RoomVersion version, ResolutionAlgorithm algorithm) {
        return new RoomVersion(
                version.id(),
                version.eventFormat(),
                version.redactionRules(),
                version.defaultPowerLevels(),
                algorithm,
                version.rules());
    }

    /** The room's beginning: it is created, and its creator joins. */
    Fork createdBy(TestUser creator) {
        JsonObject content = version.creatorInContent()
                ? JsonObject.of("creator", creator.id().value())
                : JsonObject.EMPTY;
        var template = new EventTemplate(version, creator.id(), "m.room.create", content).stateKey("");
        if (version.eventFormat().roomIdOnCreateEvent()) {
            template.roomId(new RoomId("!room:" + creator.id().serverName()));
        }
        Pdu create = happened(template.originServerTs(tick()).unsigned());
        return new Fork(this, creator, create, StateMap.<EventId>empty().with(create.key(), create.eventId()), create)
                .then(creator.joins());
    }

    /** The forks' states, resolved. */
    static Resolved merging(Fork... forks) {
        Story story = forks[0].story();
        List<StateMap<EventId>> states = Stream.of(forks).map(Fork::state).toList();
        return new Resolved(story, StateResolution.resolve(story.version, states, story.known()));
    }

    /** Makes the event unknown. */
    void lose(Pdu event) {
        events.remove(event.eventId());
    }

    void reject(Pdu event) {
        rejected.add(event.eventId());
    }

    EventsInMemory known() {
        return new EventsInMemory(events, rejected);
    }

    Map<EventId, Pdu> events() {
        return events;
    }

    Set<EventId> rejected() {
        return rejected;
    }

    RoomVersion version() {
        return version;
    }

    Pdu event(EventId id) {
        Pdu event = events.get(id);
        if (event == null) {
            throw new IllegalArgumentException("The story has no event " + id + ".");
        }
        return event;
    }

    Pdu happened(Pdu event) {
        events.put(event.eventId(), event);
        return event;
    }

    long tick() {
        clock += 1_000;
        return clock;
    }

    String told(EventId id) {
        Pdu event = events.get(id);
        if (event == null) {
            return id + " (unknown)";
        }
        return "%s %s %s by %s at %d citing %s%s"
                .formatted(
                        id.value().substring(0, 6),
                        event.isState() ? event.key() : event.type(),
                        event.content(),
                        event.sender(),
                        event.originServerTs(),
                        event.authEvents().stream()
                                .map(cited -> cited.value().substring(0, 6))
                                .toList(),
                        rejected.contains(id) ? " (rejected)" : "");
    }

    @Override
    public String toString() {
        return events.keySet().stream().map(this::told).collect(Collectors.joining("\n"));
    }
}
