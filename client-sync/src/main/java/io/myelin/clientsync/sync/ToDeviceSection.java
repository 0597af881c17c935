package io.myelin.clientsync.sync;

import io.myelin.contracts.account.ToDeviceInboxes.InboxMessage;
import io.myelin.web.JsonWriter;
import java.util.List;

/** {@code to_device}. */
final class ToDeviceSection {

    private ToDeviceSection() {}

    static void write(JsonWriter out, List<InboxMessage> messages) {
        out.name("to_device").beginObject();
        out.name("events").beginArray();
        for (InboxMessage message : messages) {
            out.beginObject()
                    .field("sender", message.sender().value())
                    .field("type", message.type())
                    .field("content", message.content())
                    .endObject();
        }
        out.endArray().endObject();
    }
}
