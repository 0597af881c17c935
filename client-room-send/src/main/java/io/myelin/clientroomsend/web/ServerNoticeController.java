package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.notice.ServerNotices;
import io.myelin.clientroomsend.notice.ServerNotices.Notice;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lets administrators write to a user, through Synapse's admin API ("Server Notices"). */
@RestController
@RequestMapping("/_synapse/admin/v1/send_server_notice")
public class ServerNoticeController {
    private final @Nullable ServerNotices notices;
    private final ServerName server;

    /** @param notices null if there are none */
    public ServerNoticeController(@Nullable ServerNotices notices, ServerName server) {
        this.notices = notices;
        this.server = server;
    }

    @PostMapping
    public JsonObject send(Session session, JsonObject body) {
        return send(session, body, null);
    }

    @PutMapping("/{txnId}")
    public JsonObject sendOnce(Session session, @PathVariable String txnId, JsonObject body) {
        return send(session, body, txnId);
    }

    private JsonObject send(Session session, JsonObject body, @Nullable String transaction) {
        if (!session.admin()) {
            throw new MatrixException(403, "M_FORBIDDEN", "Only administrators of this server can do this.");
        }
        var request = RequestFields.of(body);
        UserId to = UserId.parse(request.requiredString("user_id"));
        JsonObject content = request.object("content");
        if (content == null) {
            throw request.missing("content");
        }
        var notice = new Notice(to, request.string("type", "m.room.message"), request.string("state_key"), content);
        if (notices == null) {
            throw new MatrixException(400, "M_UNKNOWN", "There are no server notices here.");
        }
        if (!to.isOn(server)) {
            throw new MatrixException(400, "M_INVALID_PARAM", "The user does not belong to this server.");
        }
        return JsonObject.of(
                "event_id", notices.send(session, notice, transaction).value());
    }
}
