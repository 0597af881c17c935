package io.myelin.contracts.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events that users want sent later (MSC4140). account-server keeps them beside the accounts; a writer claims those that are
 * due, sends them by the rules of any event, and reports the outcome. A claim outlasts the command that the writer sends. If
 * the writer dies, another one claims the event after that and sends it under the same transaction key, so it is sent once.
 * Until a claim has been given back or the event is finalised, nobody can cancel or restart it. Times are milliseconds since
 * the epoch, by the database's clock. Every operation may be repeated.
 */
public interface DelayedEvents {

    /**
     * A delayed event.
     *
     * @param id a secret: whoever has it may restart, cancel or send the event
     * @param device the device that scheduled it; null for a session without one
     * @param session the session that scheduled it, {@link Session#seq}
     * @param stateKey null for an event that is not state
     * @param content the JSON object; no bytes in a {@link #list} that would become too long, and there of finalised events
     * @param scheduledAt when it was scheduled or last restarted; 0 for now
     * @param sticky for how many milliseconds it is sticky once it is sent (MSC4354); null if it is not
     */
    record DelayedEvent(
            String id,
            @Nullable String device,
            long session,
            RoomId room,
            String type,
            @Nullable String stateKey,
            byte[] content,
            long delayMillis,
            long scheduledAt,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long sticky) {

        /** An event that will not be sticky. */
        public DelayedEvent(
                String id,
                @Nullable String device,
                long session,
                RoomId room,
                String type,
                @Nullable String stateKey,
                byte[] content,
                long delayMillis,
                long scheduledAt) {
            this(id, device, session, room, type, stateKey, content, delayMillis, scheduledAt, null);
        }
    }

    /**
     * A delayed event and what has become of it.
     *
     * @param finalisedAt null while it is scheduled
     * @param sent the event's ID if it was sent
     * @param error why it could not be sent; null also if it was cancelled
     */
    record Status(
            DelayedEvent event,
            @Nullable Long finalisedAt,
            @Nullable EventId sent,
            @Nullable MatrixError error) {}

    /**
     * The answer to {@link #schedule}.
     *
     * @param id the event's ID: that of the first request where it was repeated; null if the user has too many already
     * @param nextAt if there are too many: when the next one is due
     */
    record Scheduling(@Nullable String id, long nextAt) {}

    /** How many bytes of contents a list has at most. */
    int MOST_LISTED_BYTES = 256 << 10;

    /** What an action found. */
    enum Found {
        /** It was still scheduled, and the action has been done. */
        SCHEDULED,
        SENT,
        CANCELLED,
        /** A writer is sending it at this moment. */
        BEING_SENT,
        NOTHING
    }

    /**
     * An event to send now.
     *
     * @param claim to report the outcome with
     * @param session of the user, with the device that scheduled it unless that has ended; null if the account is closed or
     *     locked
     */
    record Due(
            UserId user,
            DelayedEvent event,
            int claim,
            @Nullable Session session) {}

    /**
     * Events to send now.
     *
     * @param waitMillis how long until another one is due, at most a second
     */
    record Claimed(List<Due> due, long waitMillis) {}

    /** @param due null unless it was {@link Found#SCHEDULED} */
    record ClaimedOne(Found found, @Nullable Due due) {}

    /**
     * Schedules an event.
     *
     * @param transaction the key of the client's transaction; null for a request without one
     * @param most how many a user may have scheduled
     */
    Scheduling schedule(UserId user, DelayedEvent event, byte @Nullable [] transaction, int most);

    /**
     * Starts the delay anew.
     *
     * @param user whose event it is; null if whoever asks knows the ID alone
     */
    Found restart(String id, @Nullable UserId user);

    /** As {@link #restart}, so that the event is never sent. */
    Found cancel(String id, @Nullable UserId user);

    Optional<Status> find(UserId user, String id);

    /**
     * Scheduled ones in the order of their times, then the newest finalised ones. Contents together have at most {@value
     * #MOST_LISTED_BYTES} bytes.
     */
    List<Status> list(UserId user);

    /**
     * Claims events of any users that are due, in the order of their times.
     *
     * @param claimMillis how long the claims hold: longer than a command lives
     */
    Claimed claimDue(int most, long claimMillis);

    /** Claims an event that is not due yet; the user as for {@link #restart}. */
    ClaimedOne claim(String id, @Nullable UserId user, long claimMillis);

    /**
     * Ends a claimed event. Returns false, without any effect, if the claim has ended.
     *
     * @param sent the event, or null if it could not be sent
     */
    boolean finish(String id, int claim, @Nullable EventId sent, @Nullable MatrixError error);

    /** Gives a claim back; the event is due again after so many milliseconds, but not before its time. */
    boolean release(String id, int claim, long afterMillis);
}
