package io.myelin.roomserver.decide;

import static io.myelin.matrix.event.RequiredSignatures.AUTHORISING_USER;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.RoomCommand.JoinedElsewhere;
import io.myelin.matrix.auth.Creators;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Joining a room that is open to the members of other rooms. Client-server API, "Restricted rooms". */
final class RestrictedJoin {

    private RestrictedJoin() {}

    /**
     * The content of a join, with the user who authorises it if the join rule requires one.
     *
     * @param joinedElsewhere the other rooms that the user is known to be in
     * @throws Refusal if the join rule names none of these rooms, or no user of this server may authorise the join
     */
    static JsonObject authorise(
            Room room, UserId user, EventSigner signer, List<JoinedElsewhere> joinedElsewhere, JsonObject content) {
        Membership current = room.membership(user);
        if (!room.joinRule().isRestricted(room.version())
                || current == Membership.JOIN
                || current == Membership.INVITE
                || current == Membership.BAN) {
            return content;
        }
        Set<String> named = rooms(room.get(EventTypes.JOIN_RULES, ""));
        if (joinedElsewhere.stream()
                .noneMatch(other -> named.contains(other.room().value()))) {
            throw new Refusal(MatrixError.forbidden("You are in none of the rooms whose members may join this one."));
        }
        UserId authorising = whoMayVouch(room, signer)
                .orElseThrow(() -> new Refusal(
                        400, "M_UNABLE_TO_GRANT_JOIN", "Nobody of this server may let you into this room."));
        return content.with(AUTHORISING_USER, authorising.value());
    }

    private static Set<String> rooms(@Nullable Pdu joinRules) {
        return joinRules == null
                ? Set.of()
                : joinRules.content().array("allow").orElse(JsonArray.EMPTY).stream()
                        .flatMap(condition -> condition instanceof JsonObject object ? Stream.of(object) : Stream.of())
                        .filter(condition -> condition
                                .string("type")
                                .filter("m.room_membership"::equals)
                                .isPresent())
                        .flatMap(condition -> condition.string("room_id").stream())
                        .collect(Collectors.toSet());
    }

    private static Optional<UserId> whoMayVouch(Room room, EventSigner signer) {
        PowerLevels levels = room.powerLevels();
        Pdu powerLevels = room.get(EventTypes.POWER_LEVELS, "");
        Stream<UserId> withLevel = powerLevels == null
                ? Stream.of()
                : powerLevels.content().object("users").orElse(JsonObject.EMPTY).names().stream()
                        .map(UserId::new);
        Optional<UserId> known = Stream.concat(Creators.all(room.create()).stream(), withLevel)
                .filter(user -> mayVouch(room, levels, signer, user))
                .findFirst();
        if (known.isPresent() || levels.usersDefault() < levels.invite()) {
            return known;
        }
        return room.state().stream(EventTypes.MEMBER)
                .map(member -> new UserId(member.key().stateKey()))
                .filter(user -> mayVouch(room, levels, signer, user))
                .findFirst();
    }

    private static boolean mayVouch(Room room, PowerLevels levels, EventSigner signer, UserId user) {
        return user.isOn(signer.server())
                && room.membership(user) == Membership.JOIN
                && levels.user(user) >= levels.invite();
    }
}
