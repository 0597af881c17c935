package io.myelin.clientroomsend.report;

import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.clientroomsend.receipt.ReadableEvents;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.Reports;
import io.myelin.contracts.account.Reports.Kept;
import io.myelin.contracts.account.Reports.Page;
import io.myelin.contracts.account.Reports.Report;
import io.myelin.contracts.account.Reports.Wanted;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes reports, and shows those of events to administrators. */
public final class ContentReports {
    private static final int MAX_REASON = 10_000;

    private final Reports kept;
    private final ReadableEvents events;
    private final RoomStates rooms;
    private final AccountQueries accounts;
    private final ServerName server;
    private final AttemptLimit limit;

    /** @param limit of reports by one user */
    public ContentReports(
            Reports kept,
            ReadableEvents events,
            RoomStates rooms,
            AccountQueries accounts,
            ServerName server,
            AttemptLimit limit) {
        this.kept = kept;
        this.events = events;
        this.rooms = rooms;
        this.accounts = accounts;
        this.server = server;
        this.limit = limit;
    }

    /**
     * Reports an event in a room that the user has joined.
     *
     * @throws MatrixException 404 if there is no such event or the user cannot see it
     */
    public void event(Session session, RoomId room, EventId id, @Nullable String reason, @Nullable Integer score) {
        check(session, reason);
        StoredEvent event;
        try {
            event = events.find(events.member(room, session.user()), id);
        } catch (MatrixException e) {
            throw e.status() == 403 ? unknown("event") : e;
        }
        kept.add(
                session.user(),
                new Report(
                        room,
                        id,
                        event.event().sender(),
                        reason,
                        score,
                        event.event().body()));
    }

    /** @throws MatrixException 404 if this server does not know the room */
    public void room(Session session, RoomId room, String reason) {
        check(session, reason);
        if (rooms.current(room).isEmpty()) {
            throw unknown("room");
        }
        kept.add(session.user(), new Report(room, null, null, reason, null, null));
    }

    /** Reports a user of this server or another. Nobody is told whether the user exists. */
    public void user(Session session, UserId user, String reason) {
        check(session, reason);
        if (!user.isOn(server) || accounts.profile(user).isPresent()) {
            kept.add(session.user(), new Report(null, null, user, reason, null, null));
        }
    }

    private void check(Session session, @Nullable String reason) {
        if (reason != null && reason.length() > MAX_REASON) {
            throw new MatrixException(
                    MatrixError.invalidParam("'reason' must have at most " + MAX_REASON + " characters."));
        }
        limit.attempt(session.user());
    }

    /** @throws MatrixException 403 if the requester is no administrator */
    public Page ofEvents(Session session, Wanted wanted) {
        requireAdmin(session);
        return kept.ofEvents(wanted);
    }

    /** @throws MatrixException 403 if the requester is no administrator, 404 if there is no such report of an event */
    public Kept find(Session session, long number) {
        requireAdmin(session);
        Optional<Kept> found = kept.find(number);
        return found.filter(report -> report.report().event() != null).orElseThrow(() -> unknown("report"));
    }

    /** @throws MatrixException 403 if the requester is no administrator, 404 if there is no such report */
    public void delete(Session session, long number) {
        requireAdmin(session);
        if (!kept.delete(number)) {
            throw unknown("report");
        }
    }

    private static void requireAdmin(Session session) {
        if (!session.admin()) {
            throw new MatrixException(MatrixError.forbidden("This is for administrators."));
        }
    }

    private static MatrixException unknown(String what) {
        return new MatrixException(MatrixError.notFound("There is no such " + what + "."));
    }
}
