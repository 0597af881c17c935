package io.myelin.accountserver.account;

import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountFact;
import io.myelin.engine.shard.Decision;
import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Account data, tags and filters. */
final class DataDecisions {
    private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final int FILTER_ID_BYTES = 15;

    private DataDecisions() {}

    static Decision<UserState, AccountChange> set(
            UserState state, AccountCommand.SetAccountData data, Outcome outcome) {
        add(outcome, data.user(), data.room(), data.type(), data.content());
        return outcome.done(
                state instanceof UserState.Tags
                        ? new UserState.Tags(data.content() == null ? JsonObject.EMPTY : parse(data.content()))
                        : state);
    }

    /** The other tags of the room stay as they are. */
    static Decision<UserState, AccountChange> tag(UserState state, AccountCommand.SetTag tag, Outcome outcome) {
        JsonObject before = state instanceof UserState.Tags(JsonObject content) ? content : JsonObject.EMPTY;
        JsonObject tags = before.object("tags").orElse(JsonObject.EMPTY);
        if (tag.content() == null && !tags.has(tag.tag())) {
            return outcome.unchanged();
        }
        JsonObject changed =
                tag.content() == null ? tags.without(tag.tag()) : tags.with(tag.tag(), parse(tag.content()));
        JsonObject after = before.with("tags", changed);
        add(outcome, tag.user(), tag.room(), EntityKey.TAGS, CanonicalJson.encode(after));
        return outcome.done(new UserState.Tags(after));
    }

    /** A filter's ID is its hash: the same filter uploaded again is the same filter. */
    static Decision<UserState, AccountChange> filter(AccountCommand.CreateFilter create, Outcome outcome) {
        byte[] hash = Sha256.hash(create.filter());
        String id = UnpaddedBase64.encodeUrlSafe(Arrays.copyOf(hash, FILTER_ID_BYTES));
        outcome.add(new AccountChange.FilterSet(new AccountFact.FilterCreated(create.user(), id), create.filter()));
        return outcome.decision(new UserState.Stateless(), new AccountAnswer.FilterStored(outcome.last(), id));
    }

    private static void add(
            Outcome outcome, UserId user, @Nullable RoomId room, String type, byte @Nullable [] content) {
        outcome.add(new AccountChange.DataSet(
                new AccountFact.AccountDataChanged(user, room, type, content == null ? EMPTY_OBJECT : content),
                content == null));
    }

    private static JsonObject parse(byte[] json) {
        return JsonParser.parseObject(json, JsonRules.LENIENT);
    }
}
