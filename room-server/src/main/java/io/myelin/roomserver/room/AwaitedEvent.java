package io.myelin.roomserver.room;

import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.matrix.event.Pdu;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An event that is not known here yet, with the redactions that wait for it. When the event arrives, it becomes an {@link
 * EventEntity}. An event that is rejected stays rejected under its ID, so its redactions wait no longer.
 *
 * @param redactions in order of arrival, without those that cannot make a difference: in each room at most one of each
 *     server, and one whose sender may redact everybody's events
 */
public record AwaitedEvent(List<WaitingRedaction> redactions) implements RoomEntity {

    /** An unknown event that no redaction waits for. */
    public static final AwaitedEvent UNHEARD_OF = new AwaitedEvent(List.of());

    /**
     * How many redactions may wait for one event. Later ones are dropped, unless their sender may redact everybody's events:
     * only one of these waits in each room, and redactions without that power must not shut it out.
     */
    public static final int MOST_WAITING = 20;

    /** Whether it makes a difference that another redaction waits. */
    public boolean needs(WaitingRedaction later) {
        return (later.hasPower() || redactions.size() < MOST_WAITING)
                && redactions.stream().noneMatch(waiting -> waiting.outdoes(later));
    }

    public AwaitedEvent with(WaitingRedaction later) {
        List<WaitingRedaction> more = new ArrayList<>(redactions);
        more.add(later);
        return new AwaitedEvent(List.copyOf(more));
    }

    /**
     * The first waiting redaction that may redact the event, now that the event has arrived.
     *
     * @param room the number of its room's create event
     */
    public Optional<RedactedBy> redactedBy(long room, Pdu event) {
        return redactions.stream()
                .filter(waiting -> waiting.room() == room && waiting.mayRedact(event))
                .findFirst()
                .map(WaitingRedaction::asRedactedBy);
    }
}
