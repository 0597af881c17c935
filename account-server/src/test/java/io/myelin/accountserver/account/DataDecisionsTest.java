package io.myelin.accountserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountFact;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DataDecisionsTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final RoomId ROOM = RoomId.parse("!room with @ in it:example.org");

    private final Lane lane = new Lane();

    @Test
    void keepsAccountDataAsItIs() {
        var result = lane.decide(new AccountCommand.SetAccountData(ALICE, null, "m.direct", json("{\"a\":1.5}")));
        assertThat(text(result)).isEqualTo("{\"a\":1.5}");
    }

    @Test
    void publishesDeletedAccountDataAsEmpty() {
        lane.decide(new AccountCommand.SetAccountData(ALICE, ROOM, "org.example", json("{\"a\":1}")));
        var result = lane.decide(new AccountCommand.SetAccountData(ALICE, ROOM, "org.example", null));
        assertThat(text(result)).isEqualTo("{}");
        assertThat(result.decision().facts())
                .singleElement()
                .isInstanceOfSatisfying(
                        AccountChange.DataSet.class,
                        set -> assertThat(set.deleted()).isTrue());
    }

    @Test
    void refusesToIgnoreOneself() {
        lane.decide(ignoring("@alice:example.org")).isRefused(400, "M_INVALID_PARAM");
        assertThat(lane.decide(ignoring("@bob:example.org")).facts()).hasSize(1);
    }

    private static AccountCommand ignoring(String user) {
        return new AccountCommand.SetAccountData(
                ALICE, null, "m.ignored_user_list", json("{\"ignored_users\":{\"" + user + "\":{}}}"));
    }

    @Test
    void addsATagBesideTheOthers() {
        lane.decide(tag("m.favourite", "{\"order\":0.25}"));
        var result = lane.decide(tag("u.work", "{}"));
        assertThat(text(result)).isEqualTo("{\"tags\":{\"m.favourite\":{\"order\":0.25},\"u.work\":{}}}");
    }

    @Test
    void removesOneTag() {
        lane.decide(tag("m.favourite", "{}"));
        lane.decide(tag("u.work", "{}"));
        assertThat(text(lane.decide(tag("m.favourite", null)))).isEqualTo("{\"tags\":{\"u.work\":{}}}");
    }

    @Test
    void removesNoTagThatIsNotThere() {
        assertThat(lane.decide(tag("m.favourite", null)).facts()).isEmpty();
    }

    @Test
    void seesTagsThatWereSetAsAccountData() {
        lane.decide(new AccountCommand.SetAccountData(ALICE, ROOM, "m.tag", json("{\"tags\":{\"u.a\":{}}}")));
        assertThat(text(lane.decide(tag("u.b", "{}")))).isEqualTo("{\"tags\":{\"u.a\":{},\"u.b\":{}}}");
    }

    @Test
    void givesTheSameFilterTheSameIdAndAnotherAnother() {
        String first = filter("{\"room\":{}}");
        assertThat(filter("{\"room\":{}}")).isEqualTo(first);
        assertThat(filter("{}")).isNotEqualTo(first);
        assertThat(first).doesNotStartWith("{");
    }

    @Test
    void findsAnEntityByItsKeyAgain() {
        for (EntityKey key : new EntityKey[] {
            new EntityKey.OfUser(ALICE),
            new EntityKey.OfData(ALICE),
            new EntityKey.OfTags(ALICE, ROOM),
            new EntityKey.OfDirect(ALICE),
            new EntityKey.OfInherited(ALICE, ROOM),
            new EntityKey.OfItem(ALICE, ROOM, "m.type"),
            new EntityKey.OfItem(ALICE, null, "m.type"),
            new EntityKey.OfFilter(ALICE, "id")
        }) {
            assertThat(EntityKey.parse(key.text())).isEqualTo(key);
        }
    }

    private String filter(String json) {
        var answer =
                lane.decide(new AccountCommand.CreateFilter(ALICE, json(json))).answer();
        return ((AccountAnswer.FilterStored) answer).filterId();
    }

    private static AccountCommand tag(String tag, @Nullable String json) {
        return new AccountCommand.SetTag(ALICE, ROOM, tag, json == null ? null : json(json));
    }

    private static String text(Lane.Result result) {
        var fact = (AccountFact.AccountDataChanged) result.facts().getFirst();
        return new String(fact.content(), StandardCharsets.UTF_8);
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
