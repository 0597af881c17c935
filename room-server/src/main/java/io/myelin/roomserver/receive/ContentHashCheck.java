package io.myelin.roomserver.receive;

import io.myelin.matrix.event.EventHashes;
import io.myelin.matrix.event.Pdu;

/** Check 3: the content must match the event's content hash. If it does not, the event is taken as redacted. */
public final class ContentHashCheck {

    private ContentHashCheck() {}

    public static Pdu orRedacted(Pdu event) {
        return EventHashes.contentHashMatches(event.json()) ? event : event.redacted();
    }
}
