package io.myelin.accountserver.clientconfig;

import io.myelin.accountserver.account.DatumLookup;
import io.myelin.accountserver.account.EntityKey;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommand.SetAccountData;
import io.myelin.contracts.account.AccountCommand.SetTag;
import io.myelin.contracts.account.AccountCommands;
import io.myelin.contracts.account.RoomSuccession;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Copies what a user has set for a room to its replacement. */
public final class InheritedSettings implements RoomSuccession {
    private static final String DIRECT = "m.direct";

    private final DatumLookup kept;
    private final AccountCommands commands;
    private final Supplier<UUID> ids;

    public InheritedSettings(DatumLookup kept, AccountCommands commands, Supplier<UUID> ids) {
        this.kept = kept;
        this.commands = commands;
        this.ids = ids;
    }

    @Override
    public boolean inherit(UserId user, RoomId from, RoomId to) {
        boolean isTagged = copyTags(user, from, to);
        return copyDirect(user, from, to) || isTagged;
    }

    private JsonObject datum(UserId user, RoomId room) {
        return kept.find(user, room, EntityKey.TAGS)
                .flatMap(content ->
                        JsonParser.parseObject(content, DatumLookup.KEPT).object("tags"))
                .orElse(JsonObject.EMPTY);
    }

    private boolean copyTags(UserId user, RoomId from, RoomId to) {
        JsonObject tags = datum(user, from);
        if (tags.isEmpty() || !datum(user, to).isEmpty()) {
            return false;
        }
        tags.names().stream()
                .limit(MOST_TAGS)
                .forEach(tag -> execute(new SetTag(
                        user, to, tag, CanonicalJson.encode(tags.object(tag).orElse(JsonObject.EMPTY)))));
        return true;
    }

    private boolean copyDirect(UserId user, RoomId from, RoomId to) {
        JsonObject direct = kept.find(user, null, DIRECT)
                .map(content -> JsonParser.parseObject(content, DatumLookup.KEPT))
                .orElse(JsonObject.EMPTY);
        JsonObject changed = direct;
        for (String other : direct.names()) {
            JsonArray rooms = direct.array(other).orElse(JsonArray.EMPTY);
            List<String> ids = rooms.strings().toList();
            if (ids.contains(from.value()) && !ids.contains(to.value())) {
                List<Json> more = new ArrayList<>(rooms.values());
                more.add(new JsonString(to.value()));
                changed = changed.with(other, new JsonArray(more));
            }
        }
        if (changed.equals(direct)) {
            return false;
        }
        execute(new SetAccountData(user, null, DIRECT, CanonicalJson.encode(changed)));
        return true;
    }

    /** A refusal, as of account data that would become too large, leaves things as they are. */
    private AccountAnswer execute(AccountCommand command) {
        return commands.execute(ids.get(), command);
    }
}
