package io.myelin.clientroomsend.membership;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.limit.MembershipLimits;
import io.myelin.clientroomsend.lookup.LocalServerCheck;
import io.myelin.clientroomsend.lookup.Profiles;
import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.IdentityLookups;
import io.myelin.contracts.account.IdentityLookups.Key;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.auth.ThirdPartySignatures;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns third-party invites into invitations once their addresses have users. Who that is has been signed by the identity
 * server; the signature has to be by a key of the invite that is valid still. Server-server API, "Third-party invites".
 */
public final class BoundThirdPartyIds {
    private static final Logger LOG = LoggerFactory.getLogger(BoundThirdPartyIds.class);

    /** How many invitations of one address are looked at. */
    static final int MOST_INVITES = 100;

    /** How many of them are taken up by one request: an identity server is asked for each. */
    private static final int MOST_TAKEN_UP = 10;

    /** How many keys that have signed one invitation are asked about. */
    private static final int MOST_ASKED = 2;

    private static final StateKey POWER_LEVELS = new StateKey(EventTypes.POWER_LEVELS, "");

    private final IdentityLookups identities;
    private final RoomCommands commands;
    private final RoomStates rooms;
    private final Profiles profiles;
    private final LocalServerCheck localServer;
    private final InvitePermissions permissions;
    private final MembershipLimits limits;

    public BoundThirdPartyIds(
            IdentityLookups identities,
            RoomCommands commands,
            RoomStates rooms,
            Profiles profiles,
            LocalServerCheck localServer,
            InvitePermissions permissions,
            MembershipLimits limits) {
        this.identities = identities;
        this.commands = commands;
        this.rooms = rooms;
        this.profiles = profiles;
        this.localServer = localServer;
        this.permissions = permissions;
        this.limits = limits;
    }

    /**
     * An identity server tells that an address has a user now; each of its invitations counts for itself.
     *
     * @throws MatrixException the refusal of the last invitation that is not taken up, as Synapse does
     */
    public void bound(JsonObject body) {
        List<RequestFields> invites = RequestFields.of(body).objects("invites");
        if (invites.size() > MOST_INVITES) {
            throw new MatrixException(
                    MatrixError.invalidParam("'invites' must have at most " + MOST_INVITES + " invitations."));
        }
        MatrixException last = null;
        Set<String> seen = new HashSet<>();
        int left = MOST_TAKEN_UP;
        for (RequestFields invite : invites) {
            try {
                boolean isNew = left > 0 && seen.add(invite.string("room_id") + " " + invite.object("signed"));
                if (isNew && invite(invite)) {
                    left--;
                }
            } catch (MatrixException refused) {
                last = refused;
                LOG.info("A third-party invite is not taken up: {}", refused.getMessage());
            }
        }
        if (last != null) {
            throw last;
        }
    }

    /**
     * Takes an invitation up. Everything that this server knows itself is looked at before anybody else is asked.
     *
     * @return false if there is nothing to do: the user is in the room, invited or banned, or the inviter is another
     *     server's, or may not invite any more
     */
    private boolean invite(RequestFields invite) {
        UserId user = UserId.parse(invite.requiredString("mxid"));
        RoomId room = RoomId.parse(invite.requiredString("room_id"));
        JsonObject signed = invite.object("signed");
        if (signed == null || !signed.string("mxid").equals(Optional.of(user.value()))) {
            throw invite.missing("signed");
        }
        localServer.requireInvitable(user);
        RoomState state = rooms.current(
                        room, place(signed), new StateKey(EventTypes.MEMBER, user.value()), POWER_LEVELS)
                .orElseThrow(() -> RoomStates.unknown(room));
        Pdu thirdParty = invite(state, signed).orElseThrow(BoundThirdPartyIds::noInvite);
        UserId inviter = thirdParty.sender();
        Membership current = state.membership(user);
        boolean isOutside = current == Membership.LEAVE || current == Membership.KNOCK;
        if (!isOutside || !mayInvite(room, state, inviter)) {
            return false;
        }
        permissions.check(inviter, user);
        limits.before(inviter, room, MembershipAction.INVITE, user);
        requireValid(thirdParty, signed);
        JsonObject content = JsonObject.of("membership", "invite")
                .with(
                        "third_party_invite",
                        JsonObject.of(
                                        "display_name",
                                        thirdParty
                                                .content()
                                                .string("display_name")
                                                .orElse(""))
                                .with("signed", signed));
        var event = new SendEvent(
                room,
                new Requester(inviter, null, null),
                EventTypes.MEMBER,
                user.value(),
                CanonicalJson.encode(content),
                null,
                null,
                profiles.of(user));
        if (commands.execute(event, null) instanceof RoomAnswer.Refused refused) {
            throw new MatrixException(refused.error());
        }
        limits.after(inviter, room, MembershipAction.INVITE, user);
        return true;
    }

    /**
     * Whether the inviter could still invite: a user of this server, with an open account, in the room and with the power. The
     * authorisation rules would let go on who has left or was banned.
     */
    private boolean mayInvite(RoomId room, RoomState state, UserId inviter) {
        if (!inviter.isOn(localServer.server())
                || state.powerLevels().user(inviter) < state.powerLevels().invite()) {
            return false;
        }
        Profile profile = profiles.of(inviter);
        return profile != null
                && !profile.deactivated()
                && rooms.current(room, new StateKey(EventTypes.MEMBER, inviter.value()))
                        .filter(current -> current.hasJoined(inviter))
                        .isPresent();
    }

    private static StateKey place(JsonObject signed) {
        String token = signed.string("token").orElse("");
        return new StateKey(EventTypes.THIRD_PARTY_INVITE, token.indexOf('\0') < 0 ? token : "");
    }

    /**
     * Checks the proof that a user joins with, if they need it. If the room has no such invite, or the proof is another
     * user's, the rules of the room decide, which ask nobody.
     *
     * @throws MatrixException 403 if no valid key of the invite has signed
     */
    public void checkJoin(UserId user, RoomId room, JsonObject signed) {
        if (!signed.string("mxid").equals(Optional.of(user.value()))) {
            return;
        }
        rooms.current(room, place(signed), new StateKey(EventTypes.MEMBER, user.value()))
                .filter(state -> state.membership(user) == Membership.LEAVE)
                .flatMap(state -> invite(state, signed))
                .ifPresent(invite -> requireValid(invite, signed));
    }

    private static Optional<Pdu> invite(RoomState state, JsonObject signed) {
        StateKey place = place(signed);
        return Optional.ofNullable(state.get(place.type(), place.stateKey()));
    }

    private static MatrixException noInvite() {
        return new MatrixException(MatrixError.forbidden("The room has no third-party invite of this token."));
    }

    private void requireValid(Pdu invite, JsonObject signed) {
        List<JsonObject> proven = ThirdPartySignatures.provenKeys(signed, invite.content());
        for (JsonObject key : proven.subList(0, Math.min(proven.size(), MOST_ASKED))) {
            String url = key.string("key_validity_url").orElse(null);
            if (identities.isValid(new Key(key.string("public_key").orElse(""), url))) {
                return;
            }
        }
        throw new MatrixException(MatrixError.forbidden("The third-party invite bears no valid signature."));
    }
}
