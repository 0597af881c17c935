package io.myelin.contracts.account;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What users report to the server's administrators: events, rooms and users. Kept with the reporter's account. */
public interface Reports {

    /**
     * A report.
     *
     * @param room of the reported event, or the reported room; null for a user
     * @param event null for a room or a user
     * @param reported the reported user, or the sender of the event; null for a room
     * @param score from -100, the most offensive, to 0; null if the reporter gave none
     * @param body the reported event as it was then, a JSON object; null for a room or a user
     */
    record Report(
            @Nullable RoomId room,
            @Nullable EventId event,
            @Nullable UserId reported,
            @Nullable String reason,
            @Nullable Integer score,
            byte @Nullable [] body) {}

    /** A kept report, with its number and when it came, in milliseconds since the epoch. */
    record Kept(long number, long receivedAt, UserId reporter, Report report) {}

    /**
     * Which reports are wanted.
     *
     * @param backwards the newest first
     * @param reporter part of the reporter's ID
     * @param room part of the room's ID
     * @param reported the sender of the reported event
     */
    record Wanted(
            long from,
            int limit,
            boolean backwards,
            @Nullable String reporter,
            @Nullable String room,
            @Nullable String reported) {}

    /** @param total how many there are in all */
    record Page(List<Kept> reports, long total) {}

    /** Keeps a report; of one reporter the newest {@value #MOST}. */
    boolean add(UserId reporter, Report report);

    /** How many reports of one user are kept. */
    int MOST = 200;

    /** The reports of events. */
    Page ofEvents(Wanted wanted);

    Optional<Kept> find(long number);

    /** Returns whether there was such a report. */
    boolean delete(long number);
}
