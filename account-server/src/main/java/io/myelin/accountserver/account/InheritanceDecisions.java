package io.myelin.accountserver.account;

import io.myelin.contracts.account.InheritRoom;
import io.myelin.contracts.account.RoomInherited;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows a user from a room into its replacement. As in Synapse, that is the tags of the room and its places in
 * {@code m.direct}, and no other account data of the room. Each kind of thing that follows has a method here; push rules about the
 * room will be one more.
 *
 * <p>What the user has set in the replacement already stays as it is. What would exceed one of the user's limits does not follow.
 * A user and a replacement that were decided once are not decided again.
 */
final class InheritanceDecisions {
    private final DataDecisions data;
    private final Map<String, UserState> states = new HashMap<>();
    private final InheritRoom command;
    private final Outcome outcome;
    private UserState.Usage usage;

    private InheritanceDecisions(
            DataDecisions data, InheritRoom command, UserState.Usage usage, Outcome outcome) {
        this.data = data;
        this.command = command;
        this.usage = usage;
        this.outcome = outcome;
    }

    /** The entities of the command; {@code main} first. */
    static List<EntityKey> entities(EntityKey main, InheritRoom command) {
        UserId user = command.user();
        return List.of(
                main,
                new EntityKey.OfUser(user),
                new EntityKey.OfTags(user, command.from()),
                new EntityKey.OfTags(user, command.to()),
                new EntityKey.OfDirect(user),
                new EntityKey.OfData(user));
    }

    static Decision<UserState, AccountChange> decide(
            Entities<UserState> entities, InheritRoom command, DataDecisions data, Outcome outcome) {
        UserId user = command.user();
        var inherited = new EntityKey.OfInherited(user, command.to());
        boolean isDone = entities.get(inherited.text()) instanceof UserState.Inherited(boolean known) && known;
        boolean isOpen = entities.get(new EntityKey.OfUser(user).text()) instanceof UserState.Account account
                && !account.deactivated();
        if (isDone || !isOpen || command.from().equals(command.to())) {
            return outcome.unchanged();
        }
        var usage = (UserState.Usage) entities.get(new EntityKey.OfData(user).text());
        var decisions = new InheritanceDecisions(data, command, usage, outcome);
        decisions.tags(tags(entities, user, command.from()), tags(entities, user, command.to()));
        decisions.direct((UserState.Direct) entities.get(new EntityKey.OfDirect(user).text()));
        outcome.add(new AccountChange.Plain(new RoomInherited(user, command.from(), command.to())));
        decisions.states.put(inherited.text(), new UserState.Inherited(true));
        return outcome.done(decisions.states);
    }

    private static UserState.Tags tags(Entities<UserState> entities, UserId user, RoomId room) {
        return (UserState.Tags) entities.get(new EntityKey.OfTags(user, room).text());
    }

    private void tags(UserState.Tags from, UserState.Tags to) {
        JsonObject known = DataDecisions.tags(to.content());
        JsonObject all = known;
        JsonObject old = DataDecisions.tags(from.content());
        for (String tag : old.names()) {
            if (!all.has(tag)) {
                all = all.with(tag, Objects.requireNonNull(old.get(tag)));
            }
        }
        if (all.size() == known.size() || data.refusal(known.size(), all.size()) != null) {
            return;
        }
        JsonObject content = to.content().with("tags", all);
        UserState.Item after = keep(command.to(), EntityKey.TAGS, content, to.item());
        if (after != null) {
            states.put(
                    new EntityKey.OfTags(command.user(), command.to()).text(), new UserState.Tags(content, after));
        }
    }

    private void direct(UserState.Direct direct) {
        Map<String, Json> people = new HashMap<>();
        boolean changed = false;
        for (String person : direct.content().names()) {
            Json its = Objects.requireNonNull(direct.content().get(person));
            if (its instanceof JsonArray rooms && names(rooms, command.from()) && !names(rooms, command.to())) {
                List<Json> more = new ArrayList<>(rooms.stream().toList());
                more.add(new JsonString(command.to().value()));
                its = JsonArray.of(more.toArray(Json[]::new));
                changed = true;
            }
            people.put(person, its);
        }
        if (!changed) {
            return;
        }
        JsonObject content = JsonObject.of(people);
        UserState.Item after = keep(null, EntityKey.DIRECT, content, direct.item());
        if (after != null) {
            states.put(new EntityKey.OfDirect(command.user()).text(), new UserState.Direct(content, after));
        }
    }

    private static boolean names(JsonArray rooms, RoomId room) {
        return rooms.strings().anyMatch(room.value()::equals);
    }

    /** The item as it is then; null if it would exceed a limit. */
    private UserState.@Nullable Item keep(
            @Nullable RoomId room, String type, JsonObject content, UserState.Item before) {
        byte[] encoded = CanonicalJson.encode(content);
        var after = new UserState.Item(true, encoded.length);
        if (data.refusal(before, after, usage) != null) {
            return null;
        }
        DataDecisions.add(outcome, command.user(), room, type, encoded);
        usage = usage.withItem(!before.known(), after.bytes() - before.bytes());
        states.put(new EntityKey.OfData(command.user()).text(), usage);
        return after;
    }
}
