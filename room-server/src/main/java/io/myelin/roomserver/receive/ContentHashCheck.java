package io.myelin.roomserver.receive;

import io.myelin.matrix.event.EventHashes;
import io.myelin.matrix.event.Pdu;

/** 3: whether its content is what its server hashed. If not, it is taken as redacted. */
public final class ContentHashCheck {

    private ContentHashCheck() {}

    public static Pdu orRedacted(Pdu event) {
        return EventHashes.contentHashMatches(event.json()) ? event : event.redacted();
    }
}
