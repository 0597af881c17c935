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
 * One branch of a {@link Story}, up to some event. For two branches, continue twice from the same fork.
 *
 * @param last the branch's newest event
 */
record Fork(Story story, TestUser creator, Pdu create, StateMap<EventId> state, Pdu last) {
    Fork then(Draft... drafts) {
        Fork fork = this;
        for (Draft draft : drafts) {
            fork = fork.thenAt(story.tick(), draft);
        }
        return fork;
    }

    /** An event at this time, in milliseconds since 1970 by the sender's clock. */
    Fork thenAt(long originServerTs, Draft draft) {
        return with(event(draft, selected(draft), originServerTs));
    }

    /** An event that cites these events instead of the right ones. */
    Fork thenCiting(List<Pdu> cited, Draft draft) {
        return with(event(draft, cited.stream().map(Pdu::eventId).toList(), story.tick()));
    }

    /** An event that cites the auth events of another fork's state. */
    Fork thenCiting(Fork other, Draft draft) {
        return with(event(draft, other.selected(draft), story.tick()));
    }

    /** An event that claims this depth. */
    Fork thenAtDepth(long depth, Draft draft) {
        return with(story.happened(
                template(draft, selected(draft), story.tick()).depth(depth).unsigned()));
    }

    /** Power levels that give these users these levels, and the creator 100 if creators need it. */
    Fork thenLevels(TestUser sender, Map<TestUser, Integer> users) {
        var levels = JsonObject.builder();
        if (!story.version().creatorsHaveInfinitePower()) {
            levels.put(creator.id().value(), 100);
        }
        users.forEach((user, level) -> levels.put(user.id().value(), level));
        return then(sender.sets("m.room.power_levels", "", JsonObject.of("users", levels.build())));
    }

    /** The fork with this event in its state, as a server that has missed events may claim. */
    Fork butWith(Pdu event) {
        return new Fork(story, creator, create, state.with(event.key(), event.eventId()), last);
    }

    Fork butWithout(Pdu event) {
        return new Fork(story, creator, create, state.without(event.key()), last);
    }

    /** The fork with the resolved state. */
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
