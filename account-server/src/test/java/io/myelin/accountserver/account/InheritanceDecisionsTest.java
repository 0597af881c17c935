package io.myelin.accountserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.InheritRoom;
import io.myelin.contracts.account.RoomInherited;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InheritanceDecisionsTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final RoomId OLD = RoomId.parse("!old:example.org");
    private static final RoomId NEW = RoomId.parse("!new:example.org");

    private final Lane lane = new Lane();

    @BeforeEach
    void register() {
        lane.decide(new AccountCommand.Register(ALICE, null, null, false, false, null));
    }

    @Test
    void tagsFollow() {
        tag(OLD, "m.favourite", "{\"order\":0.5}");
        inherit();
        assertThat(tags(NEW)).hasToString("{\"m.favourite\":{\"order\":0.5}}");
        assertThat(tags(OLD)).hasToString("{\"m.favourite\":{\"order\":0.5}}");
    }

    @Test
    void tagsThatTheReplacementHasStayAsTheyAre() {
        tag(OLD, "m.favourite", "{\"order\":0.5}");
        tag(OLD, "u.work", "{}");
        tag(NEW, "m.favourite", "{\"order\":0.1}");
        inherit();
        assertThat(tags(NEW)).hasToString("{\"m.favourite\":{\"order\":0.1},\"u.work\":{}}");
    }

    @Test
    void conversationsFollowUnderEveryPersonAndNothingElseOfTheListChanges() {
        direct("{\"@bob:b\":[\"!x:y\",\"!old:example.org\"],\"@carol:c\":[\"!old:example.org\"],\"@dave:d\":[\"!z:z\"],\"odd\":7}");
        inherit();
        assertThat(direct())
                .hasToString("{\"@bob:b\":[\"!x:y\",\"!old:example.org\",\"!new:example.org\"],"
                        + "\"@carol:c\":[\"!old:example.org\",\"!new:example.org\"],\"@dave:d\":[\"!z:z\"],\"odd\":7}");
    }

    @Test
    void aRepetitionUndoesNothing() {
        tag(OLD, "m.favourite", "{}");
        direct("{\"@bob:b\":[\"!old:example.org\"]}");
        inherit();
        tag(NEW, "m.favourite", null);
        direct("{\"@bob:b\":[\"!old:example.org\"]}");
        assertThat(inherit().facts()).isEmpty();
        assertThat(tags(NEW)).hasToString("{}");
        assertThat(direct()).hasToString("{\"@bob:b\":[\"!old:example.org\"]}");
    }

    @Test
    void aRepetitionUndoesNothingThoughNothingHadFollowed() {
        inherit();
        tag(OLD, "m.favourite", "{}");
        assertThat(inherit().facts()).isEmpty();
    }

    @Test
    void tellsWhatFollowedOnceAndNothingThatDidNot() {
        tag(OLD, "m.favourite", "{}");
        assertThat(inherit().facts())
                .satisfiesExactly(
                        fact -> assertThat(fact).isInstanceOf(AccountFact.AccountDataChanged.class),
                        fact -> assertThat(fact).isEqualTo(new RoomInherited(ALICE, OLD, NEW)));
    }

    @Test
    void tagsThatWouldBeTooManyDoNotFollowAndTheRestDoes() {
        direct("{\"@bob:b\":[\"!old:example.org\"]}");
        tag(OLD, "u.a", "{}");
        tag(OLD, "u.b", "{}");
        tag(NEW, "u.c", "{}");
        tag(NEW, "u.d", "{}");
        inherit();
        assertThat(tags(NEW)).hasToString("{\"u.c\":{},\"u.d\":{}}");
        assertThat(direct()).hasToString("{\"@bob:b\":[\"!old:example.org\",\"!new:example.org\"]}");
    }

    @Test
    void aListThatWouldBeTooLargeStaysAsItIs() {
        String rooms = IntStream.range(0, 1_000)
                .mapToObj(i -> "\"!r" + i + ":e.x\"")
                .collect(Collectors.joining(","));
        String padding = "a".repeat(Lane.LIMITS.itemBytes() - rooms.length() - 25);
        direct("{\"@bob:b\":[" + rooms + "],\"x\":\"" + padding + "\"}");
        lane.decide(new InheritRoom(ALICE, RoomId.parse("!r999:e.x"), NEW));
        assertThat(direct().array("@bob:b").orElseThrow().size()).isEqualTo(1_000);
    }

    @Test
    void oneOfAThousandConversationsFollows() {
        String rooms = IntStream.range(0, 1_000)
                .mapToObj(i -> "\"!r" + i + ":x\"")
                .collect(Collectors.joining(","));
        direct("{\"@bob:b\":[" + rooms + "]}");
        lane.decide(new InheritRoom(ALICE, RoomId.parse("!r999:x"), NEW));
        assertThat(direct().toString()).endsWith("\"!r999:x\",\"!new:example.org\"]}");
    }

    @Test
    void nothingFollowsAUserWhoIsNotOrNoLongerThere() {
        lane.decide(new AccountCommand.Deactivate(ALICE, false));
        assertThat(inherit().facts()).isEmpty();
        var stranger = UserId.parse("@stranger:example.org");
        assertThat(lane.decide(new InheritRoom(stranger, OLD, NEW)).facts()).isEmpty();
    }

    private Lane.Result inherit() {
        return lane.decide(new InheritRoom(ALICE, OLD, NEW));
    }

    private void tag(RoomId room, String tag, @Nullable String content) {
        lane.decide(new AccountCommand.SetTag(ALICE, room, tag, content == null ? null : json(content)));
    }

    private void direct(String content) {
        lane.decide(new AccountCommand.SetAccountData(ALICE, null, "m.direct", json(content)));
    }

    private JsonObject tags(RoomId room) {
        var state = (UserState.Tags) lane.state(new EntityKey.OfTags(ALICE, room));
        return state.content().object("tags").orElse(JsonObject.EMPTY);
    }

    private JsonObject direct() {
        return ((UserState.Direct) lane.state(new EntityKey.OfDirect(ALICE))).content();
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
