package io.myelin.clientsync.web;

import io.myelin.clientsync.filter.Filters;
import io.myelin.clientsync.park.LongPolls;
import io.myelin.clientsync.sync.AnswerStyle;
import io.myelin.clientsync.sync.DeviceSection;
import io.myelin.clientsync.sync.SyncRequest;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.presence.PresenceState;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /keys/changes}. Client-server API, "Key management API". */
@RestController
public class KeyChangesController {
    private final LongPolls polls;
    private final Filters filters;
    private final int shards;

    public KeyChangesController(LongPolls polls, Filters filters, int shards) {
        this.polls = polls;
        this.filters = filters;
        this.shards = shards;
    }

    /** @param to is ignored, as by Synapse: changes after it are told, too */
    @GetMapping({
        "/_matrix/client/v3/keys/changes",
        "/_matrix/client/r0/keys/changes",
        "/_matrix/client/unstable/keys/changes"
    })
    public byte[] changes(
            Session session, @RequestParam String from, @RequestParam(required = false) @Nullable String to) {
        return DeviceSection.changes(polls.deviceLists(new SyncRequest(
                session,
                SyncToken.parse(from, shards),
                from,
                filters.find(session.user(), null),
                false,
                false,
                PresenceState.OFFLINE,
                0,
                AnswerStyle.KEY_CHANGES)));
    }
}
