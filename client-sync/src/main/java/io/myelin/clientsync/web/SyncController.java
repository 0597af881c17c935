package io.myelin.clientsync.web;

import io.myelin.clientsync.filter.Filters;
import io.myelin.clientsync.park.LongPolls;
import io.myelin.clientsync.park.Reply;
import io.myelin.clientsync.sync.SyncRequest;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** {@code GET /sync}. Client-server API, "Syncing". */
@RestController
public class SyncController {
    /** The web server sets no timeout: {@link LongPolls} ends parked requests. */
    private static final long NEVER = -1;

    private final LongPolls polls;
    private final Filters filters;
    private final int shards;
    private final long longestMillis;
    private final LargeAnswers largeAnswers;

    public SyncController(LongPolls polls, Filters filters, int shards, Duration longest, LargeAnswers largeAnswers) {
        this.largeAnswers = largeAnswers;
        this.polls = polls;
        this.filters = filters;
        this.shards = shards;
        this.longestMillis = longest.toMillis();
    }

    @GetMapping({"/_matrix/client/v3/sync", "/_matrix/client/r0/sync"})
    public Object sync(
            Session session,
            @RequestParam(required = false) @Nullable String since,
            @RequestParam(required = false) @Nullable String filter,
            @RequestParam(name = "full_state", defaultValue = "false") boolean fullState,
            @RequestParam(name = "use_state_after", defaultValue = "false") boolean stateAfter,
            @RequestParam(name = "set_presence", defaultValue = "online") String setPresence,
            @RequestParam(defaultValue = "0") long timeout) {
        PresenceState presence = PresenceState.parse(setPresence)
                .orElseThrow(() -> new MatrixException(
                        MatrixError.invalidParam("'set_presence' is 'online', 'unavailable' or 'offline'.")));
        String token = since == null || since.isEmpty() ? null : since;
        SyncRequest request = new SyncRequest(
                session,
                token == null ? null : SyncToken.parse(token, shards),
                token,
                filters.find(session.user(), filter),
                fullState,
                stateAfter,
                presence,
                Math.clamp(timeout, 0, longestMillis));
        DeferredResult<StreamedJson> later = new DeferredResult<>(NEVER);
        Optional<StreamedJson> now = polls.answer(request, gone -> park(later, session, gone));
        return now.isPresent() ? largeAnswers.of(session.user(), now.get()) : later;
    }

    private Reply park(DeferredResult<StreamedJson> result, Session session, Runnable gone) {
        result.onError(_ -> gone.run());
        return new Reply() {
            @Override
            public void answer(StreamedJson content) {
                result.setResult(largeAnswers.of(session.user(), content));
            }

            @Override
            public void fail(RuntimeException reason) {
                result.setErrorResult(reason);
            }
        };
    }
}
