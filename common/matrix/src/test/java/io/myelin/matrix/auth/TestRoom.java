package io.myelin.matrix.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A room as a test reads it: {@code aRoom().version(11).createdBy(ALICE).with(BOB.joined())}. The events that it is made of
 * are not checked by the rules, but the event under test is. Its creator has joined.
 */
record TestRoom(
        RoomVersion version,
        JsonObject createContent,
        @Nullable Pdu create,
        StateMap<Pdu> state) {
    private static final SigningKey KEY = SigningKey.generate("ed25519:test", new Random(1));

    static TestRoom aRoom() {
        return new TestRoom(RoomVersions.DEFAULT, JsonObject.EMPTY, null, StateMap.empty());
    }

    TestRoom version(int number) {
        return version(RoomVersions.find(Integer.toString(number)).orElseThrow());
    }

    TestRoom version(RoomVersion newVersion) {
        return new TestRoom(newVersion, createContent, create, state);
    }

    /** More content for the create event, as JSON with single quotes; to be called before {@link #createdBy}. */
    TestRoom createContent(String content) {
        return new TestRoom(version, json(content), create, state);
    }

    TestRoom createdBy(TestUser creator) {
        return createdButNotJoinedBy(creator).with(creator.joined());
    }

    TestRoom createdButNotJoinedBy(TestUser creator) {
        JsonObject content = version.creatorInContent()
                ? createContent.with("creator", creator.id().value())
                : createContent;
        var template = new EventTemplate(version, creator.id(), "m.room.create", content).stateKey("");
        if (version.eventFormat().roomIdOnCreateEvent()) {
            template.roomId(new RoomId("!room:" + creator.id().serverName()));
        }
        Pdu event = template.sign(creator.id().serverName(), KEY);
        return new TestRoom(version, createContent, event, state.with(event.key(), event));
    }

    TestRoom with(Draft... drafts) {
        TestRoom room = this;
        for (Draft draft : drafts) {
            room = room.with(room.event(draft));
        }
        return room;
    }

    TestRoom with(Pdu event) {
        return new TestRoom(version, createContent, create, state.with(event.key(), event));
    }

    /** The content as JSON with single quotes. */
    TestRoom withPowerLevels(String content) {
        return with(TestUser.ALICE.setsPowerLevels(content));
    }

    TestRoom withJoinRule(String rule) {
        return with(TestUser.ALICE.setsJoinRule(rule));
    }

    AuthResult check(Draft draft) {
        return check(event(draft));
    }

    AuthResult check(Pdu event) {
        return AuthRules.check(event, authState());
    }

    AuthState authState() {
        return (type, stateKey) -> state.get(new StateKey(type, stateKey));
    }

    Pdu event(Draft draft) {
        return template(draft).sign(draft.sender().serverName(), KEY);
    }

    /** An event of another server, with any content that events of this version may have, as JSON with single quotes. */
    Pdu eventFromElsewhere(Draft draft, String content) {
        JsonObject json = JsonParser.parseObject(content.replace('\'', '"').getBytes(UTF_8), JsonRules.LENIENT);
        return Pdu.of(version, event(draft).json().with("content", json));
    }

    Pdu eventAfter(EventId previous, Draft draft) {
        return template(draft).prevEvents(List.of(previous)).sign(draft.sender().serverName(), KEY);
    }

    EventTemplate template(Draft draft) {
        EventId somethingBefore = EventId.ofReferenceHash(new byte[32]);
        return new EventTemplate(version, draft.sender(), draft.type(), draft.content())
                .referenceHashes(_ -> new byte[32])
                .roomId(createEvent().roomId())
                .stateKey(draft.stateKey())
                .prevEvents(List.of(somethingBefore));
    }

    Pdu createEvent() {
        if (create == null) {
            throw new IllegalStateException("A test room is created by somebody first.");
        }
        return create;
    }

    static JsonObject json(String withSingleQuotes) {
        return JsonParser.parseObject(withSingleQuotes.replace('\'', '"').getBytes(UTF_8));
    }
}
