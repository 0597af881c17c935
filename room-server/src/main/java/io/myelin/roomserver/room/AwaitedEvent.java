package io.myelin.roomserver.room;

import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.matrix.event.Pdu;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An event that is not known, and is redacted already if it comes. It becomes an {@link EventEntity} then; one that is
 * rejected under its ID is so for ever, and so the redactions wait no longer.
 *
 * @param redactions in the order in which they came, without those that never make a difference: at most one for each server
 *     of a room, and one of somebody who has the power
 */
public record AwaitedEvent(List<WaitingRedaction> redactions) implements RoomEntity {

    /** An event that nobody has heard of. */
    public static final AwaitedEvent UNHEARD_OF = new AwaitedEvent(List.of());

    /**
     * How many redactions may wait for one event. Of later ones nothing is remembered, unless their sender has the power: of
     * those only one waits for each room, and those without power must not shut it out.
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
     * The first of those that may redact the event, now that it has come.
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
