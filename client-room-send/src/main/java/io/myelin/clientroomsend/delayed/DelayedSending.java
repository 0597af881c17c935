package io.myelin.clientroomsend.delayed;

import io.myelin.clientroomsend.command.Transactions;
import io.myelin.clientroomsend.send.Events;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.DelayedEvents.DelayedEvent;
import io.myelin.contracts.account.DelayedEvents.Due;
import io.myelin.contracts.account.Session;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.web.MatrixException;

/**
 * Sends a claimed event by the rules of any other event, as the user who scheduled it. Its transaction key follows from its
 * ID, so however many writers send it, it is sent once.
 */
final class DelayedSending {
    private final Events events;

    DelayedSending(Events events) {
        this.events = events;
    }

    /** @throws MatrixException 403 if the account is closed, locked or suspended, or the errors of any event */
    EventId send(Due due) {
        Session session = due.session();
        if (session == null) {
            throw new MatrixException(
                    MatrixError.forbidden("The account that scheduled this event is closed or locked."));
        }
        DelayedEvent event = due.event();
        TransactionKey key = Transactions.key(due.user(), event.room(), "delayed", event.id());
        return events.sendLater(
                session,
                event.room(),
                event.type(),
                event.stateKey(),
                JsonParser.parseObject(event.content(), JsonRules.STRICT),
                event.sticky(),
                event.id(),
                key);
    }
}
