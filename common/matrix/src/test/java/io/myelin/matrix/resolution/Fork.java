package io.myelin.matrix.resolution;

import io.myelin.matrix.auth.AuthEvents;
import io.myelin.matrix.auth.Draft;
import io.myelin.matrix.auth.TestUser;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One branch of a {@link Story}, as far as it has been told. To tell two branches, go on twice from the same fork.
 *
 * @param last the event that was told last
 */
record Fork(Story story, TestUser creator, Pdu create, StateMap<EventId> state, Pdu last) {
    Fork then(Draft... drafts) {
        Fork fork = this;
        for (Draft draft : drafts) {
            fork = fork.thenAt(story.tick(), draft);
        }
        return fork;
    }

    /** At this many milliseconds since 1970, by the sender's clock. */
    Fork thenAt(long originServerTs, Draft draft) {
        return with(event(draft, selected(draft), originServerTs));
    }

    /** An event that cites these, and not what it should. */
    Fork thenCiting(List<Pdu> cited, Draft draft) {
        return with(event(draft, cited.stream().map(Pdu::eventId).toList(), story.tick()));
    }

    /** An event that cites what another fork has. */
    Fork thenCiting(Fork other, Draft draft) {
        return with(event(draft, other.selected(draft), story.tick()));
    }

    /** An event that claims this depth. */
    Fork thenAtDepth(long depth, Draft draft) {
        return with(story.happened(
                template(draft, selected(draft), story.tick()).depth(depth).unsigned()));
    }

    /** Power levels that give these users what they say, and the creator 100 where creators need it. */
    Fork thenLevels(TestUser sender, Map<TestUser, Integer> users) {
        var levels = JsonObject.builder();
        if (!story.version().creatorsHaveInfinitePower()) {
            levels.put(creator.id().value(), 100);
        }
        users.forEach((user, level) -> levels.put(user.id().value(), level));
        return then(sender.sets("m.room.power_levels", "", JsonObject.of("users", levels.build())));
    }

    /** The state with this event in it, as a server may claim that has not seen everything. */
    Fork butWith(Pdu event) {
        return new Fork(story, creator, create, state.with(event.key(), event.eventId()), last);
    }

    Fork butWithout(Pdu event) {
        return new Fork(story, creator, create, state.without(event.key()), last);
    }

    /** The fork goes on from another state: one that was resolved. */
    Fork resolvedTo(StateMap<EventId> resolved) {
        return new Fork(story, creator, create, resolved, last);
    }

    Fork with(Pdu event) {
        return new Fork(
                story, creator, create, event.isState() ? state.with(event.key(), event.eventId()) : state, event);
    }

    Pdu current(String type, String stateKey) {
        return story.event(Objects.requireNonNull(state.get(type, stateKey), type));
    }

    Pdu memberEvent(TestUser user) {
        return current("m.room.member", user.id().value());
    }

    Pdu event(Draft draft, List<EventId> cited, long originServerTs) {
        return story.happened(template(draft, cited, originServerTs).unsigned());
    }

    private EventTemplate template(Draft draft, List<EventId> cited, long originServerTs) {
        return new EventTemplate(story.version(), draft.sender(), draft.type(), draft.content())
                .roomId(create.roomId())
                .stateKey(draft.stateKey())
                .prevEvents(List.of(last.eventId()))
                .authEvents(cited)
                .depth(last.depth() + 1)
                .originServerTs(originServerTs);
    }

    List<EventId> selected(Draft draft) {
        List<StateKey> keys =
                AuthEvents.select(draft.type(), draft.stateKey(), draft.sender(), draft.content(), story.version());
        return keys.stream().flatMap(key -> Stream.ofNullable(state.get(key))).toList();
    }

    static Draft topic(TestUser sender, String topic) {
        return sender.sets("m.room.topic", "", JsonObject.of("topic", Json.of(topic)));
    }
}
