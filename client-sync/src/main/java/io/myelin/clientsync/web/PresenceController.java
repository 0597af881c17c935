package io.myelin.clientsync.web;

import io.myelin.clientsync.read.PresenceReads;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /presence/{userId}/status}. Client-server API, "Presence". */
@RestController
public class PresenceController {
    private final PresenceReads presence;

    public PresenceController(PresenceReads presence) {
        this.presence = presence;
    }

    @GetMapping({"/_matrix/client/v3/presence/{user}/status", "/_matrix/client/r0/presence/{user}/status"})
    public byte[] status(Session session, @PathVariable UserId user) {
        return presence.status(session.user(), user);
    }
}
