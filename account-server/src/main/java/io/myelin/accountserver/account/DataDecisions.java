package io.myelin.accountserver.account;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountFact;
import io.myelin.engine.shard.Decision;
import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides on account data, tags and filters, each within the user's limits. */
final class DataDecisions {
    private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final String IGNORED_USERS = "m.ignored_user_list";
    private static final int FILTER_ID_BYTES = 15;
    private static final int TOO_LARGE = 413;

    /** The stored content nests a tag two objects deeper than the request does, so a tag gets two levels less. */
    private static final JsonRules OF_A_TAG =
            new JsonRules(JsonRules.LENIENT.acceptsDecimals(), JsonRules.LENIENT.maxDepth() - 2);

    private final Supplier<AccountLimits> limits;

    DataDecisions(Supplier<AccountLimits> limits) {
        this.limits = limits;
    }

    /** @param state {@link UserState.Tags}, {@link UserState.Direct} or {@link UserState.Item} */
    Decision<UserState, AccountChange> set(
            UserState state, UserState.Usage usage, AccountCommand.SetAccountData data, Outcome outcome) {
        UserState.Item before = switch (state) {
            case UserState.Tags tags -> tags.item();
            case UserState.Direct direct -> direct.item();
            default -> (UserState.Item) state;
        };
        byte[] content = data.content();
        if (content == null && !before.known()) {
            return outcome.unchanged();
        }
        if (content != null && ignoresThemselves(data, content)) {
            return outcome.refused(MatrixError.invalidParam("You cannot ignore yourself."));
        }
        boolean isRead = state instanceof UserState.Tags || state instanceof UserState.Direct;
        JsonObject read = content != null && isRead ? parse(content) : JsonObject.EMPTY;
        var after = new UserState.Item(true, content == null ? 0 : content.length);
        MatrixError refusal = refusal(before, after, usage);
        if (refusal == null && state instanceof UserState.Tags known) {
            refusal = refusal(count(known.content()), count(read));
        }
        if (refusal != null) {
            return outcome.refused(refusal);
        }
        add(outcome, data.user(), data.room(), data.type(), content);
        UserState changed = switch (state) {
            case UserState.Tags _ -> new UserState.Tags(read, after);
            case UserState.Direct _ -> new UserState.Direct(read, after);
            default -> after;
        };
        return outcome.done(
                changed,
                usage.withItem(!before.known(), after.bytes() - before.bytes()));
    }

    /** A list that ignores its own user would hide their own messages; Synapse refuses it too. */
    private static boolean ignoresThemselves(AccountCommand.SetAccountData data, byte[] content) {
        return data.room() == null
                && data.type().equals(IGNORED_USERS)
                && parse(content)
                        .object("ignored_users")
                        .filter(ignored -> ignored.has(data.user().value()))
                        .isPresent();
    }

    /** Sets or removes one tag; the other tags of the room stay as they are. */
    Decision<UserState, AccountChange> tag(
            UserState.Tags state, UserState.Usage usage, AccountCommand.SetTag tag, Outcome outcome) {
        JsonObject tags = tags(state.content());
        if (tag.content() == null && !tags.has(tag.tag())) {
            return outcome.unchanged();
        }
        JsonObject changed;
        try {
            changed = tag.content() == null
                    ? tags.without(tag.tag())
                    : tags.with(tag.tag(), JsonParser.parseObject(tag.content(), OF_A_TAG));
        } catch (InvalidJson e) {
            return outcome.refused(MatrixError.badJson(
                    "Objects and arrays of a tag stand at most " + OF_A_TAG.maxDepth() + " deep inside each other."));
        }
        JsonObject content = state.content().with("tags", changed);
        byte[] encoded = CanonicalJson.encode(content);
        var after = new UserState.Item(true, encoded.length);
        MatrixError refusal = refusal(tags.size(), changed.size());
        refusal = refusal == null ? refusal(state.item(), after, usage) : refusal;
        if (refusal != null) {
            return outcome.refused(refusal);
        }
        add(outcome, tag.user(), tag.room(), EntityKey.TAGS, encoded);
        return outcome.done(
                new UserState.Tags(content, after),
                usage.withItem(
                        !state.item().known(), after.bytes() - state.item().bytes()));
    }

    /** Stores a filter. Its ID is its hash: uploading the same filter again gives the same ID. */
    Decision<UserState, AccountChange> filter(
            UserState.Filter state, UserState.Usage usage, AccountCommand.CreateFilter create, Outcome outcome) {
        byte[] filter = create.filter();
        String id = filterId(filter);
        if (state.known()) {
            return outcome.unchanged(new AccountAnswer.FilterStored(outcome.last(), id));
        }
        if (filter.length > AccountLimits.FILTER_BYTES) {
            return outcome.refused(tooLarge("A filter has at most " + AccountLimits.FILTER_BYTES + " bytes."));
        }
        UserState.Usage after = usage.withFilter(filter.length);
        int most = limits.get().filters();
        if (after.filters() > most || after.filterBytes() > AccountLimits.FILTERS_BYTES) {
            return outcome.refused(tooLarge("A user has at most " + most + " different filters, of "
                    + AccountLimits.FILTERS_BYTES + " bytes together. Send this one with each request instead."));
        }
        outcome.add(new AccountChange.FilterSet(new AccountFact.FilterCreated(create.user(), id), filter));
        return outcome.kept(new UserState.Filter(true), after, new AccountAnswer.FilterStored(outcome.last(), id));
    }

    static String filterId(byte[] filter) {
        return UnpaddedBase64.encodeUrlSafe(Arrays.copyOf(Sha256.hash(filter), FILTER_ID_BYTES));
    }

    /** The error if the item would exceed a limit; null if it is allowed, as anything that gets smaller is. */
    @Nullable
    MatrixError refusal(UserState.Item before, UserState.Item after, UserState.Usage usage) {
        AccountLimits now = limits.get();
        if (!before.known() && usage.items() >= now.items()) {
            return tooLarge("A user has at most " + now.items() + " items of account data.");
        }
        if (after.bytes() <= before.bytes()) {
            return null;
        }
        if (after.bytes() > now.itemBytes()) {
            return tooLarge("An item of account data has at most " + now.itemBytes() + " bytes.");
        }
        if (usage.itemBytes() - before.bytes() + after.bytes() > now.dataBytes()) {
            return tooLarge("All account data of a user together has at most " + now.dataBytes() + " bytes.");
        }
        return null;
    }

    /** The error if the room would have too many tags; null if they are allowed. */
    @Nullable
    MatrixError refusal(int before, int after) {
        int most = limits.get().tags();
        return after > before && after > most ? tooLarge("A room has at most " + most + " tags of one user.") : null;
    }

    private static MatrixError tooLarge(String sentence) {
        return new MatrixError(TOO_LARGE, "M_TOO_LARGE", sentence);
    }

    static JsonObject tags(JsonObject content) {
        return content.object("tags").orElse(JsonObject.EMPTY);
    }

    private static int count(JsonObject content) {
        return tags(content).size();
    }

    static void add(
            Outcome outcome, UserId user, @Nullable RoomId room, String type, byte @Nullable [] content) {
        outcome.add(new AccountChange.DataSet(
                new AccountFact.AccountDataChanged(user, room, type, content == null ? EMPTY_OBJECT : content),
                content == null));
    }

    private static JsonObject parse(byte[] json) {
        return JsonParser.parseObject(json, JsonRules.LENIENT);
    }
}
