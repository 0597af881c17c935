package io.myelin.clientroomsend;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.DelayedEvents;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A fake of what account-server keeps of delayed events. Nothing is due before {@link #letPass}. */
public final class FakeDelayedEvents implements DelayedEvents {
    private static final class Row {
        final UserId user;
        final DelayedEvent event;
        final byte @Nullable [] transaction;
        int claim;
        boolean claimed;
        boolean due;

        @Nullable
        Status finalised;

        Row(UserId user, DelayedEvent event, byte @Nullable [] transaction) {
            this.user = user;
            this.event = event;
            this.transaction = transaction;
        }
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private boolean closed;

    public synchronized void reset() {
        rows.clear();
        closed = false;
    }

    /** The time of all scheduled events comes. */
    public synchronized void letPass() {
        rows.values().forEach(row -> row.due = true);
    }

    /** The accounts that scheduled events are closed. */
    public synchronized void closeAccounts() {
        closed = true;
    }

    /** How often writers have claimed the event. */
    public synchronized int claims(String id) {
        return row(id).claim;
    }

    @Override
    public synchronized Scheduling schedule(UserId user, DelayedEvent event, byte @Nullable [] transaction, int most) {
        for (Row row : rows.values()) {
            if (transaction != null && Arrays.equals(row.transaction, transaction)) {
                return new Scheduling(row.event.id(), 0);
            }
        }
        if (rows.values().stream().filter(row -> row.finalised == null).count() >= most) {
            return new Scheduling(null, System.currentTimeMillis() + 10_000);
        }
        rows.put(event.id(), new Row(user, event, transaction));
        return new Scheduling(event.id(), 0);
    }

    @Override
    public synchronized Found restart(String id, @Nullable UserId user) {
        return found(id, user);
    }

    @Override
    public synchronized Found cancel(String id, @Nullable UserId user) {
        Found found = found(id, user);
        if (found == Found.SCHEDULED) {
            end(id, null, null);
        }
        return found;
    }

    private Row row(String id) {
        return Objects.requireNonNull(rows.get(id));
    }

    private Found found(String id, @Nullable UserId user) {
        Row row = rows.get(id);
        if (row == null || (user != null && !user.equals(row.user))) {
            return Found.NOTHING;
        }
        if (row.finalised != null) {
            return row.finalised.sent() == null ? Found.CANCELLED : Found.SENT;
        }
        return row.claimed ? Found.BEING_SENT : Found.SCHEDULED;
    }

    private void end(String id, @Nullable EventId sent, @Nullable MatrixError error) {
        Row row = row(id);
        row.finalised = new Status(row.event, 1L, sent, error);
    }

    @Override
    public synchronized Optional<Status> find(UserId user, String id) {
        return list(user).stream()
                .filter(status -> status.event().id().equals(id))
                .findFirst();
    }

    @Override
    public synchronized List<Status> list(UserId user) {
        return rows.values().stream()
                .filter(row -> row.user.equals(user))
                .map(row -> row.finalised == null ? new Status(row.event, null, null, null) : row.finalised)
                .toList();
    }

    @Override
    public synchronized Claimed claimDue(int most, long claimMillis) {
        List<Due> due = new ArrayList<>();
        for (Row row : rows.values()) {
            if (row.due && !row.claimed && row.finalised == null) {
                due.add(claim(row));
            }
        }
        return new Claimed(due, 10);
    }

    private Due claim(Row row) {
        row.claimed = true;
        row.claim++;
        Session session = new Session(row.user, "DEVICE", false, false, 1);
        return new Due(row.user, row.event, row.claim, closed ? null : session);
    }

    @Override
    public synchronized ClaimedOne claim(String id, @Nullable UserId user, long claimMillis) {
        Found found = found(id, user);
        return new ClaimedOne(found, found == Found.SCHEDULED ? claim(row(id)) : null);
    }

    @Override
    public synchronized boolean finish(String id, int claim, @Nullable EventId sent, @Nullable MatrixError error) {
        end(id, sent, error);
        return true;
    }

    @Override
    public synchronized boolean release(String id, int claim, long afterMillis) {
        row(id).claimed = false;
        return true;
    }
}
