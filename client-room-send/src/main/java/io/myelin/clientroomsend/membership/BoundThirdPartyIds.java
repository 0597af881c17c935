package io.myelin.clientroomsend.membership;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.lookup.LocalServerCheck;
import io.myelin.clientroomsend.lookup.Profiles;
import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.IdentityLookups;
import io.myelin.contracts.account.IdentityLookups.Key;
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
import java.util.List;
import java.util.Optional;
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

    private final IdentityLookups identities;
    private final RoomCommands commands;
    private final RoomStates rooms;
    private final Profiles profiles;
    private final LocalServerCheck localServer;
    private final InvitePermissions permissions;

    public BoundThirdPartyIds(
            IdentityLookups identities,
            RoomCommands commands,
            RoomStates rooms,
            Profiles profiles,
            LocalServerCheck localServer,
            InvitePermissions permissions) {
        this.identities = identities;
        this.commands = commands;
        this.rooms = rooms;
        this.profiles = profiles;
        this.localServer = localServer;
        this.permissions = permissions;
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
        for (RequestFields invite : invites) {
            try {
                invite(invite);
            } catch (MatrixException refused) {
                last = refused;
                LOG.info("A third-party invite is not taken up: {}", refused.getMessage());
            }
        }
        if (last != null) {
            throw last;
        }
    }

    private void invite(RequestFields invite) {
        UserId user = UserId.parse(invite.requiredString("mxid"));
        RoomId room = RoomId.parse(invite.requiredString("room_id"));
        JsonObject signed = invite.object("signed");
        if (signed == null || !signed.string("mxid").equals(Optional.of(user.value()))) {
            throw invite.missing("signed");
        }
        RoomState state = rooms.current(room, place(signed), new StateKey(EventTypes.MEMBER, user.value()))
                .orElseThrow(() -> RoomStates.unknown(room));
        Pdu thirdParty = check(state, signed);
        // An event of another server's user has to come from there.
        if (!thirdParty.sender().isOn(localServer.server()) || state.membership(user) != Membership.LEAVE) {
            return;
        }
        localServer.requireInvitable(user);
        permissions.check(thirdParty.sender(), user);
        JsonObject content = JsonObject.of("membership", "invite")
                .with(
                        "third_party_invite",
                        JsonObject.of(
                                        "display_name",
                                        thirdParty.content().string("display_name").orElse(""))
                                .with("signed", signed));
        var event = new SendEvent(
                room,
                new Requester(thirdParty.sender(), null, null),
                EventTypes.MEMBER,
                user.value(),
                CanonicalJson.encode(content),
                null,
                null,
                profiles.of(user));
        if (commands.execute(event, null) instanceof RoomAnswer.Refused refused) {
            throw new MatrixException(refused.error());
        }
    }

    private static StateKey place(JsonObject signed) {
        String token = signed.string("token").orElse("");
        return new StateKey(EventTypes.THIRD_PARTY_INVITE, token.indexOf('\0') < 0 ? token : "");
    }

    /**
     * Checks the proof that somebody joins with. If the room has no such invite, the rules of the room decide.
     *
     * @throws MatrixException 403 if no valid key of the invite has signed
     */
    public void checkJoin(RoomId room, JsonObject signed) {
        rooms.current(room, place(signed))
                .filter(state -> invite(state, signed).isPresent())
                .ifPresent(state -> check(state, signed));
    }

    private static Optional<Pdu> invite(RoomState state, JsonObject signed) {
        StateKey place = place(signed);
        return Optional.ofNullable(state.get(place.type(), place.stateKey()));
    }

    /** The invite that the proof is for. */
    private Pdu check(RoomState state, JsonObject signed) {
        Pdu invite = invite(state, signed)
                .orElseThrow(() ->
                        new MatrixException(MatrixError.forbidden("The room has no third-party invite of this token.")));
        for (JsonObject key : ThirdPartySignatures.provenKeys(signed, invite.content())) {
            String url = key.string("key_validity_url").orElse(null);
            if (identities.isValid(new Key(key.string("public_key").orElse(""), url))) {
                return invite;
            }
        }
        throw new MatrixException(MatrixError.forbidden("The third-party invite bears no valid signature."));
    }
}
