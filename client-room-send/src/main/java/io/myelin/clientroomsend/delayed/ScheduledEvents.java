package io.myelin.clientroomsend.delayed;

import io.myelin.clientroomsend.command.Transactions;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.clientroomsend.send.Events;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.DelayedEvents;
import io.myelin.contracts.account.DelayedEvents.ClaimedOne;
import io.myelin.contracts.account.DelayedEvents.DelayedEvent;
import io.myelin.contracts.account.DelayedEvents.Found;
import io.myelin.contracts.account.DelayedEvents.Scheduling;
import io.myelin.contracts.account.DelayedEvents.Status;
import io.myelin.contracts.account.Session;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.settings.DelayedEventSettings;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Schedules events and changes what is scheduled (MSC4140). The ID of a delayed event is a secret: whoever has it may
 * restart, cancel or send the event without a token, as the services do to which a client in a call has given it.
 */
public final class ScheduledEvents {
    private static final int ID_BYTES = 24;
    /** What {@link #newId} makes; neither a user ID nor an address, which are keys of the same limit. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{32}");

    /** How long an action waits while the event is being sent by another writer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(50);

    /** Requests about scheduled events. */
    public enum Action {
        RESTART,
        CANCEL,
        SEND
    }

    private final DelayedEvents kept;
    private final RoomStates rooms;
    private final DelayedSending sending;
    private final AttemptLimit limit;
    private final Supplier<DelayedEventSettings> settings;
    private final long claimMillis;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param limit of requests by one user, or about one event
     * @param commandDeadline how long a command lives
     * @param random must not be guessable
     */
    public ScheduledEvents(
            DelayedEvents kept,
            RoomStates rooms,
            Events events,
            AttemptLimit limit,
            Supplier<DelayedEventSettings> settings,
            Duration commandDeadline,
            InstantSource clock,
            RandomGenerator random) {
        this.kept = kept;
        this.rooms = rooms;
        this.sending = new DelayedSending(events);
        this.limit = limit;
        this.settings = settings;
        this.claimMillis = DueEvents.claimMillis(commandDeadline);
        this.clock = clock;
        this.random = random;
    }

    /**
     * Schedules an event.
     *
     * @param stateKey null for a message
     * @param sticky for how many milliseconds it is sticky; null if it is not
     * @param transaction of the client; null for a request without one
     * @return the event's ID; that of the first request if it was repeated
     * @throws MatrixException 403 if the delay is too long, 404 if there is no such room, 429 if the user has scheduled too
     *     many events
     */
    public String schedule(
            Session session,
            RoomId room,
            String type,
            @Nullable String stateKey,
            JsonObject content,
            long delayMillis,
            @Nullable Long sticky,
            @Nullable String transaction) {
        checkDelay(delayMillis);
        Events.checkSticky(sticky);
        byte[] bytes = Events.checkLater(type, stateKey, content);
        limit.attempt(session.user());
        rooms.require(room);
        TransactionKey key =
                transaction == null ? null : Transactions.key(session, room, "delayed/" + type, transaction);
        var event = new DelayedEvent(
                newId(), session.device(), session.seq(), room, type, stateKey, bytes, delayMillis, 0, sticky);
        Scheduling scheduling = kept.schedule(
                session.user(),
                event,
                key == null ? null : key.bytes(),
                settings.get().most());
        if (scheduling.id() == null) {
            throw MatrixException.tooMany(
                    "The maximum number of delayed events has been reached.",
                    Duration.ofMillis(Math.max(1, scheduling.nextAt() - clock.millis())));
        }
        return scheduling.id();
    }

    private void checkDelay(long delayMillis) {
        if (delayMillis <= 0) {
            throw new MatrixException(MatrixError.invalidParam("The delay must be a positive number of milliseconds."));
        }
        long longest = settings.get().longest().toMillis();
        if (settings.get().most() == 0) {
            throw new MatrixException(MatrixError.forbidden("This server has no delayed events."));
        }
        if (delayMillis > longest) {
            throw new MatrixException(
                    MatrixError.forbidden("The delay is longer than the " + longest + " ms that are allowed."));
        }
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return UnpaddedBase64.encodeUrlSafe(bytes);
    }

    /**
     * Restarts, cancels or sends a scheduled event.
     *
     * @param session null for a request without an access token
     * @throws MatrixException 404 if there is no such event, it belongs to another user than the session's, or it was
     *     cancelled or sent instead; for {@link Action#SEND} also the errors of any event, which then stays scheduled
     */
    public void act(@Nullable Session session, ClientAddress client, String id, Action action) {
        checkId(id);
        if (session == null) {
            limit.requireAttempt(client.network());
            limit.attempt(id);
        } else {
            limit.attempt(session.user());
        }
        UserId user = session == null ? null : session.user();
        Found found = resolved(() -> once(id, user, action));
        if (found == Found.NOTHING && session == null) {
            limit.count(client.network());
        }
        requireDone(found, action);
    }

    /**
     * What was finalised otherwise is not found: clients of the unstable paths understand only that, and schedule anew.
     */
    private static void requireDone(Found found, Action action) {
        boolean isDone = switch (found) {
            case SCHEDULED -> true;
            case NOTHING -> false;
            case BEING_SENT -> throw new MatrixException(503, "M_UNKNOWN", "The event is being sent. Try again.");
            case SENT -> action == Action.SEND;
            case CANCELLED -> action == Action.CANCEL;
        };
        if (!isDone) {
            throw unknown();
        }
    }

    private Found once(String id, @Nullable UserId user, Action action) {
        return switch (action) {
            case RESTART -> kept.restart(id, user);
            case CANCEL -> kept.cancel(id, user);
            case SEND -> send(kept.claim(id, user, claimMillis));
        };
    }

    private Found send(ClaimedOne claimed) {
        if (claimed.due() == null) {
            return claimed.found();
        }
        String id = claimed.due().event().id();
        int claim = claimed.due().claim();
        try {
            EventId sent = sending.send(claimed.due());
            kept.finish(id, claim, sent, null);
            return Found.SENT;
        } catch (RuntimeException e) {
            kept.release(id, claim, 0);
            throw e;
        }
    }

    /** Asks again while another writer is sending the event. */
    private static Found resolved(Supplier<Found> question) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Found found = question.get();
            if (found != Found.BEING_SENT || System.nanoTime() > until) {
                return found;
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return found;
            }
        }
    }

    /** @throws MatrixException 404 if the user has no such event */
    public Status find(Session session, String id) {
        checkId(id);
        limit.attempt(session.user());
        return kept.find(session.user(), id).orElseThrow(ScheduledEvents::unknown);
    }

    /** The user's events; those that are scheduled first, in the order of their times. */
    public List<Status> list(Session session) {
        limit.attempt(session.user());
        return kept.list(session.user());
    }

    private static void checkId(String id) {
        if (!ID.matcher(id).matches()) {
            throw unknown();
        }
    }

    private static MatrixException unknown() {
        return new MatrixException(MatrixError.notFound("There is no such delayed event."));
    }
}
