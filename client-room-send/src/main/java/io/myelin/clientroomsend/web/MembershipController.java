package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.directory.Aliases;
import io.myelin.clientroomsend.membership.Memberships;
import io.myelin.clientroomsend.membership.ThirdPartyInvites;
import io.myelin.clientroomsend.notice.NoticeInvitations;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.NoGuests;
import io.myelin.web.NoSuspended;
import io.myelin.web.RequestFields;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Joining, knocking, leaving, and the actions of moderators. The parameters {@code server_name} and {@code via} are
 * ignored, because every room that can be joined is on this server.
 */
@RestController
@RequestMapping({"/_matrix/client/v3", "/_matrix/client/r0"})
public class MembershipController {
    /** The fields of a join's content that the server sets. */
    private static final List<String> THE_SERVERS = List.of(
            "membership",
            "displayname",
            "avatar_url",
            "reason",
            "third_party_invite",
            "join_authorised_via_users_server");

    private final Memberships memberships;
    private final Aliases aliases;
    private final ThirdPartyInvites thirdPartyInvites;
    private final NoticeInvitations notices;

    public MembershipController(
            Memberships memberships, Aliases aliases, ThirdPartyInvites thirdPartyInvites, NoticeInvitations notices) {
        this.memberships = memberships;
        this.notices = notices;
        this.aliases = aliases;
        this.thirdPartyInvites = thirdPartyInvites;
    }

    @NoSuspended
    @PostMapping("/join/{roomIdOrAlias}")
    public JsonObject joinByIdOrAlias(
            Session session, @PathVariable String roomIdOrAlias, @Body(optional = true) JsonObject body) {
        return join(session, aliases.resolve(roomIdOrAlias), body);
    }

    @NoSuspended
    @PostMapping("/rooms/{roomId}/join")
    public JsonObject join(Session session, @PathVariable RoomId roomId, @Body(optional = true) JsonObject body) {
        var fields = RequestFields.of(body);
        checkThirdPartySigned(fields);
        memberships.join(session, roomId, fields.string("reason"), ownContent(body));
        return answer(roomId);
    }

    @NoGuests
    @NoSuspended
    @PostMapping("/knock/{roomIdOrAlias}")
    public JsonObject knock(
            Session session, @PathVariable String roomIdOrAlias, @Body(optional = true) JsonObject body) {
        RoomId room = aliases.resolve(roomIdOrAlias);
        memberships.knock(session, room, reason(body));
        return answer(room);
    }

    @PostMapping("/rooms/{roomId}/leave")
    public JsonResponse leave(Session session, @PathVariable RoomId roomId, @Body(optional = true) JsonObject body) {
        notices.checkLeave(session, roomId);
        memberships.leave(session, roomId, reason(body));
        return JsonResponse.DONE;
    }

    @PostMapping("/rooms/{roomId}/forget")
    public JsonResponse forget(Session session, @PathVariable RoomId roomId, @Body(optional = true) JsonObject body) {
        memberships.forget(session, roomId);
        return JsonResponse.DONE;
    }

    @NoGuests
    @NoSuspended
    @PostMapping("/rooms/{roomId}/invite")
    public JsonResponse invite(Session session, @PathVariable RoomId roomId, JsonObject body) {
        var fields = RequestFields.of(body);
        if (!fields.has("user_id") && fields.has("medium")) {
            thirdPartyInvites.invite(session, roomId, ThirdPartyInvites.Request.parse(fields));
            return JsonResponse.DONE;
        }
        memberships.invite(session, roomId, target(body), reason(body));
        return JsonResponse.DONE;
    }

    @NoGuests
    @NoSuspended
    @PostMapping("/rooms/{roomId}/kick")
    public JsonResponse kick(Session session, @PathVariable RoomId roomId, JsonObject body) {
        memberships.kick(session, roomId, target(body), reason(body));
        return JsonResponse.DONE;
    }

    @NoGuests
    @NoSuspended
    @PostMapping("/rooms/{roomId}/ban")
    public JsonResponse ban(Session session, @PathVariable RoomId roomId, JsonObject body) {
        memberships.ban(session, roomId, target(body), reason(body));
        return JsonResponse.DONE;
    }

    @NoGuests
    @NoSuspended
    @PostMapping("/rooms/{roomId}/unban")
    public JsonResponse unban(Session session, @PathVariable RoomId roomId, JsonObject body) {
        memberships.unban(session, roomId, target(body), reason(body));
        return JsonResponse.DONE;
    }

    private static UserId target(JsonObject body) {
        return UserId.parse(RequestFields.of(body).requiredString("user_id"));
    }

    private static @Nullable String reason(JsonObject body) {
        return RequestFields.of(body).string("reason");
    }

    /** The fields that the client adds to its member event, without those that the server sets. */
    private static JsonObject ownContent(JsonObject body) {
        JsonObject content = body;
        for (String field : THE_SERVERS) {
            content = content.without(field);
        }
        return content;
    }

    private static void checkThirdPartySigned(RequestFields fields) {
        var signed = fields.fields("third_party_signed");
        if (signed != null) {
            signed.requiredString("mxid");
            signed.requiredString("sender");
            signed.requiredString("token");
            if (signed.object("signatures") == null) {
                throw signed.missing("signatures");
            }
        }
    }

    private static JsonObject answer(RoomId room) {
        return JsonObject.of("room_id", room.value());
    }
}
