package io.myelin.clientroomsend.membership;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.limit.WriteLimits;
import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.IdentityLookups;
import io.myelin.contracts.account.IdentityLookups.Address;
import io.myelin.contracts.account.IdentityLookups.Key;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Invites people by an email address or a telephone number. An identity server says whose it is; if it does not know, it
 * keeps the invitation, and the room shows {@code m.room.third_party_invite} until the address has a user ({@link
 * BoundThirdPartyIds}). Client-server API, "Third-party invites".
 */
public final class ThirdPartyInvites {
    /** How many such invitations a new room may begin with: an identity server is asked for each. */
    public static final int MOST_AT_ONCE = 20;

    /** An invitation as a client asks for it. */
    public record Request(Address address, @Nullable String reason) {

        /** @throws MatrixException 400, saying which field is wrong */
        public static Request parse(RequestFields invite) {
            return new Request(
                    new Address(
                            invite.requiredString("id_server"),
                            invite.requiredString("id_access_token"),
                            invite.requiredString("medium"),
                            invite.requiredString("address")),
                    invite.string("reason"));
        }

        /** The invitations of a request for a new room. */
        public static List<Request> ofNewRoom(JsonObject body) {
            RequestFields fields = RequestFields.of(body);
            List<Request> all =
                    fields.objects("invite_3pid").stream().map(Request::parse).toList();
            if (all.size() > MOST_AT_ONCE) {
                throw fields.refused("invite_3pid", "must have at most " + MOST_AT_ONCE + " invitations");
            }
            return all;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ThirdPartyInvites.class);
    private static final StateKey POWER_LEVELS = new StateKey(EventTypes.POWER_LEVELS, "");

    /** Which fields of the room's state an identity server is told, to write its message with. */
    private record Told(String type, String field, String name) {}

    private static final List<Told> TOLD = List.of(
            new Told(EventTypes.NAME, "name", "room_name"),
            new Told(EventTypes.AVATAR, "url", "room_avatar_url"),
            new Told(EventTypes.CANONICAL_ALIAS, "alias", "room_alias"),
            new Told(EventTypes.JOIN_RULES, "join_rule", "room_join_rules"),
            new Told(EventTypes.CREATE, "type", "room_type"));

    private final IdentityLookups identities;
    private final RoomCommands commands;
    private final RoomStates rooms;
    private final Memberships memberships;
    private final WriteLimits limits;

    public ThirdPartyInvites(
            IdentityLookups identities,
            RoomCommands commands,
            RoomStates rooms,
            Memberships memberships,
            WriteLimits limits) {
        this.identities = identities;
        this.commands = commands;
        this.rooms = rooms;
        this.memberships = memberships;
        this.limits = limits;
    }

    /** An invitation, and the user of its address; null if the identity server knows none. */
    public record Resolved(Request request, @Nullable UserId user) {}

    /**
     * Invites whoever has the address, now or later.
     *
     * @throws MatrixException 403 if the user may not invite; 502 if the identity server is of no use
     */
    public void invite(Session session, RoomId room, Request request) {
        RoomState state = permitted(session, room);
        limits.invitesIntoRoom().requireAttempt(session.user(), room.value());
        invite(session, room, state, resolve(session, List.of(request)).getFirst());
    }

    private RoomState permitted(Session session, RoomId room) {
        RoomState state = rooms.current(room, wanted(session.user()))
                .filter(current -> current.hasJoined(session.user()))
                .orElseThrow(() -> new MatrixException(MatrixError.forbidden("You are not in this room.")));
        if (state.powerLevels().user(session.user()) < state.powerLevels().invite()) {
            throw new MatrixException(MatrixError.forbidden("You do not have the power to invite."));
        }
        return state;
    }

    /**
     * Asks identity servers whose addresses these are. Each counts as an invitation of the user.
     *
     * @throws MatrixException 429; or as an identity server refuses
     */
    public List<Resolved> resolve(Session session, List<Request> requests) {
        limits.invitesByUser().attempt(session.user(), requests.size());
        List<Resolved> resolved = new ArrayList<>();
        for (Request request : requests) {
            IdentityLookups.Found found = identities.find(request.address());
            refuse(found.error());
            resolved.add(new Resolved(request, found.user()));
        }
        return resolved;
    }

    /** Invites into a room that has just been created: it is there, so an invitation that fails is only noted. */
    public void intoNewRoom(Session session, RoomId room, List<Resolved> invites) {
        for (Resolved invite : invites) {
            try {
                invite(session, room, permitted(session, room), invite);
            } catch (MatrixException | Unavailable refused) {
                LOG.info("An invitation by address into the new room {} has failed: {}", room, refused.getMessage());
            }
        }
    }

    private void invite(Session session, RoomId room, RoomState state, Resolved invite) {
        UserId user = invite.user();
        if (user != null) {
            memberships.invite(session, room, user, invite.request().reason());
            return;
        }
        IdentityLookups.Invited invited =
                identities.invite(invite.request().address(), CanonicalJson.encode(told(session, room, state)));
        refuse(invited.error());
        IdentityLookups.Kept kept = invited.kept();
        if (kept != null) {
            commands.send(
                    new SendEvent(
                            room,
                            new Requester(session.user(), session.device(), null),
                            EventTypes.THIRD_PARTY_INVITE,
                            kept.token(),
                            CanonicalJson.encode(content(kept)),
                            null,
                            null,
                            null),
                    null);
            limits.invitesIntoRoom().count(session.user(), room.value());
        }
    }

    private static StateKey[] wanted(UserId user) {
        return new StateKey[] {
            new StateKey(EventTypes.MEMBER, user.value()),
            POWER_LEVELS,
            new StateKey(EventTypes.NAME, ""),
            new StateKey(EventTypes.AVATAR, ""),
            new StateKey(EventTypes.CANONICAL_ALIAS, ""),
            new StateKey(EventTypes.JOIN_RULES, "")
        };
    }

    private static void refuse(@Nullable MatrixError error) {
        if (error != null) {
            throw new MatrixException(error);
        }
    }

    private static JsonObject told(Session session, RoomId room, RoomState state) {
        JsonObjectBuilder invitation = JsonObject.builder()
                .put("room_id", room.value())
                .put("sender", session.user().value());
        for (Told one : TOLD) {
            state.text(one.type(), one.field()).ifPresent(text -> invitation.put(one.name(), text));
        }
        JsonObject member = Optional.ofNullable(
                        state.get(EventTypes.MEMBER, session.user().value()))
                .map(Pdu::content)
                .orElse(JsonObject.EMPTY);
        member.string("displayname").ifPresent(name -> invitation.put("sender_display_name", name));
        member.string("avatar_url").ifPresent(url -> invitation.put("sender_avatar_url", url));
        return invitation.build();
    }

    /** Content of {@code m.room.third_party_invite}. */
    private static JsonObject content(IdentityLookups.Kept kept) {
        List<Json> keys =
                kept.keys().stream().<Json>map(ThirdPartyInvites::json).toList();
        return json(kept.keys().getFirst())
                .with("display_name", kept.displayName())
                .with("public_keys", new JsonArray(keys));
    }

    private static JsonObject json(Key key) {
        JsonObject json = JsonObject.of("public_key", key.publicKey());
        return key.validityUrl() == null ? json : json.with("key_validity_url", key.validityUrl());
    }
}
