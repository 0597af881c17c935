package io.myelin.clientroomsend.purge;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.lookup.Profiles;
import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives a user the highest power that a user of this server has in a room, in the name of that user, and invites the user if
 * they could not join otherwise. Synapse's "Make Room Admin".
 */
public final class RoomAdmins {
    /** How many users with a level of their own are looked at. */
    private static final int MOST_USERS = 1_000;

    /** Creators of rooms from version 12 on have more power than can be given; others get this. */
    private static final long MOST_GIVEN = 100;

    private final RoomCommands commands;
    private final RoomStates states;
    private final Profiles profiles;
    private final ServerName server;

    public RoomAdmins(RoomCommands commands, RoomStates states, Profiles profiles, ServerName server) {
        this.commands = commands;
        this.states = states;
        this.profiles = profiles;
        this.server = server;
    }

    /**
     * @throws MatrixException 403 if the requester is no administrator, 404 if there is no such room, 400 if nobody of this
     *     server who is in the room has the power to give power
     */
    public void make(Session session, RoomId room, UserId user) {
        Administrators.require(session);
        RoomState state = states.require(
                room,
                new StateKey(EventTypes.POWER_LEVELS, ""),
                new StateKey(EventTypes.JOIN_RULES, ""),
                new StateKey(EventTypes.MEMBER, user.value()));
        PowerLevels levels = state.powerLevels();
        UserId mighty = mightiest(room, state, levels);
        long level = Math.min(levels.user(mighty), Math.max(MOST_GIVEN, highest(state)));
        if (levels.user(user) < level) {
            setLevel(room, mighty, state, user, level);
        }
        boolean isPublic = state.text(EventTypes.JOIN_RULES, "join_rule")
                .filter("public"::equals)
                .isPresent();
        Membership membership = state.membership(user);
        if (!isPublic && membership != Membership.JOIN && membership != Membership.INVITE) {
            Requester inviter = new Requester(mighty, null, null);
            commands.perform(ChangeMembership.of(
                    room, inviter, MembershipAction.INVITE, user, null, profiles.of(user), null));
        }
    }

    private void setLevel(RoomId room, UserId by, RoomState state, UserId user, long level) {
        JsonObject content = state.content(EventTypes.POWER_LEVELS);
        JsonObject users = content.object("users").orElse(JsonObject.EMPTY);
        UserId creator = state.create().sender();
        if (content.isEmpty() && state.powerLevels().user(creator) <= MOST_GIVEN) {
            users = users.with(creator.value(), state.powerLevels().user(creator)); // which they have only without this event
        }
        users = users.with(user.value(), new JsonNumber(level));
        commands.send(
                new SendEvent(
                        room,
                        new Requester(by, null, null),
                        EventTypes.POWER_LEVELS,
                        "",
                        CanonicalJson.encode(content.with("users", users)),
                        null,
                        null,
                        null),
                null);
    }

    /** The user of this server in the room who has the most power, and may give power. */
    private UserId mightiest(RoomId room, RoomState state, PowerLevels levels) {
        List<UserId> local = named(state).stream().filter(id -> id.isOn(server)).toList();
        RoomState members = states.require(
                room,
                local.stream()
                        .map(id -> new StateKey(EventTypes.MEMBER, id.value()))
                        .toArray(StateKey[]::new));
        return local.stream()
                .filter(members::hasJoined)
                .filter(id -> levels.maySend(id, EventTypes.POWER_LEVELS, true))
                .max(Comparator.comparingLong(levels::user))
                .orElseThrow(() -> new MatrixException(
                        400, "M_UNKNOWN", "No user of this server who is in the room has the power to give power."));
    }

    /** The users who may have power: the creator, and those with a level of their own. */
    private static Set<UserId> named(RoomState state) {
        Set<UserId> named = new LinkedHashSet<>();
        named.add(state.create().sender());
        List<String> users = new ArrayList<>();
        state.create().content().array("additional_creators").ifPresent(more -> more.strings().forEach(users::add));
        state.content(EventTypes.POWER_LEVELS)
                .object("users")
                .ifPresent(levels -> users.addAll(levels.names()));
        users.stream()
                .limit(MOST_USERS)
                .flatMap(text -> UserId.tryParse(text).stream())
                .forEach(named::add);
        return named;
    }

    /** The highest level that the power levels give to anybody. */
    private static long highest(RoomState state) {
        JsonObject users =
                state.content(EventTypes.POWER_LEVELS).object("users").orElse(JsonObject.EMPTY);
        return users.names().stream()
                .mapToLong(name -> users.get(name) instanceof JsonNumber(long level) ? level : 0)
                .max()
                .orElse(0);
    }
}
