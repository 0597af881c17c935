package io.myelin.roomserver.room;

import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.ServerName;

/** Signs events as this server. */
public record EventSigner(ServerName server, SigningKey key) {

    /** @throws io.myelin.matrix.event.EventTooLarge if the event or one of its fields is too large */
    public Pdu sign(EventTemplate template) {
        return template.sign(server, key);
    }
}
