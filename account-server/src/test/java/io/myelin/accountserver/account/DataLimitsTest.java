package io.myelin.accountserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountFact;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Account data, tags and filters stay within {@link Lane#LIMITS}. */
class DataLimitsTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final RoomId ROOM = RoomId.parse("!room:example.org");
    private static final int RECORD_BYTES = 2 << 20;

    private final Lane lane = new Lane();

    @Test
    void refusesAnItemThatIsTooLarge() {
        lane.decide(data("a", sized(Lane.LIMITS.itemBytes() + 1))).isRefused(413, "M_TOO_LARGE");
        assertThat(lane.decide(data("a", sized(Lane.LIMITS.itemBytes()))).facts())
                .hasSize(1);
    }

    @Test
    void refusesTagsThatAreTooLargeTogether() {
        lane.decide(tag("one", sized(10 << 10)));
        lane.decide(tag("two", sized(10 << 10))).isRefused(413, "M_TOO_LARGE");
        assertThat(lane.decide(tag("two", sized(1 << 10))).facts()).hasSize(1);
    }

    @Test
    void refusesMoreTagsOfARoomThanAllowed() {
        for (String tag : new String[] {"one", "two", "three"}) {
            assertThat(lane.decide(tag(tag, "{}")).facts()).hasSize(1);
        }
        lane.decide(tag("four", "{}")).isRefused(413, "M_TOO_LARGE");
        assertThat(lane.decide(tag("three", "{\"order\":1}")).facts()).hasSize(1);
        lane.decide(tag("three", null));
        assertThat(lane.decide(tag("four", "{}")).facts()).hasSize(1);
    }

    @Test
    void refusesMoreTagsAsAccountDataToo() {
        lane.decide(new AccountCommand.SetAccountData(
                        ALICE, ROOM, "m.tag", json("{\"tags\":{\"a\":{},\"b\":{},\"c\":{},\"d\":{}}}")))
                .isRefused(413, "M_TOO_LARGE");
    }

    @Test
    void refusesMoreBytesTogetherThanAllowed() {
        lane.decide(data("a", sized(16 << 10)));
        lane.decide(data("b", sized(16 << 10)));
        lane.decide(data("c", sized(16 << 10))).isRefused(413, "M_TOO_LARGE");
        lane.decide(data("a", sized(8 << 10)));
        assertThat(lane.decide(data("c", sized(16 << 10))).facts()).hasSize(1);
    }

    @Test
    void refusesMoreItemsThanAllowedThoughSomeWereDeleted() {
        for (int i = 0; i < Lane.LIMITS.items(); i++) {
            assertThat(lane.decide(data("type" + i, "{}")).facts()).hasSize(1);
        }
        lane.decide(data("another", "{}")).isRefused(413, "M_TOO_LARGE");
        lane.decide(data("type1", null));
        lane.decide(data("another", "{}")).isRefused(413, "M_TOO_LARGE");
        assertThat(lane.decide(data("type1", "{}")).facts()).hasSize(1);
    }

    @Test
    void keepsNothingForWhatNeverWas() {
        assertThat(lane.decide(data("never", null)).facts()).isEmpty();
    }

    @Test
    void refusesATagThatCouldNotBeReadAgain() {
        lane.decide(tag("deep", nested(JsonRules.LENIENT.maxDepth()))).isRefused(400, "M_BAD_JSON");
        lane.decide(tag("deep", nested(JsonRules.LENIENT.maxDepth() - 2)));
        var fact = (AccountFact.AccountDataChanged)
                lane.decide(tag("other", "{}")).facts().getFirst();
        assertThat(JsonParser.parseObject(fact.content(), JsonRules.LENIENT).object("tags"))
                .isPresent();
    }

    @Test
    void takesTheSameFilterAgainAndNotTooManyDifferentOnes() {
        for (int i = 0; i < Lane.LIMITS.filters(); i++) {
            assertThat(lane.decide(filter("{\"n\":" + i + "}")).facts()).hasSize(1);
        }
        lane.decide(filter("{\"n\":100}")).isRefused(413, "M_TOO_LARGE");
        var again = lane.decide(filter("{\"n\":0}"));
        assertThat(again.answer()).isInstanceOf(AccountAnswer.FilterStored.class);
        assertThat(again.facts()).isEmpty();
    }

    @Test
    void refusesAFilterThatIsTooLarge() {
        lane.decide(filter(sized(AccountLimits.FILTER_BYTES + 1))).isRefused(413, "M_TOO_LARGE");
    }

    @Test
    void staysWellBelowTheSizeOfARecordWithTheLargestItemThatCanBeConfigured() {
        var fact = new AccountFact.AccountDataChanged(
                ALICE, ROOM, "\uFFFF".repeat(255), new byte[AccountLimits.MAX_ITEM_BYTES]);
        assertThat(Cbor.encode((AccountFact) fact)).hasSizeLessThan(RECORD_BYTES / 2);
    }

    private static AccountCommand data(String type, @Nullable String json) {
        return new AccountCommand.SetAccountData(ALICE, null, type, json == null ? null : json(json));
    }

    private static AccountCommand tag(String tag, @Nullable String json) {
        return new AccountCommand.SetTag(ALICE, ROOM, tag, json == null ? null : json(json));
    }

    private static AccountCommand filter(String json) {
        return new AccountCommand.CreateFilter(ALICE, json(json));
    }

    private static String sized(int bytes) {
        return "{\"a\":\"" + "x".repeat(bytes - 8) + "\"}";
    }

    private static String nested(int depth) {
        return "{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
