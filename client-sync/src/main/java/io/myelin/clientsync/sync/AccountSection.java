package io.myelin.clientsync.sync;

import io.myelin.contracts.account.AccountQueries.AccountDatum;
import io.myelin.web.JsonWriter;
import java.util.List;

/** {@code account_data}, of a room or of the user. */
final class AccountSection {

    private AccountSection() {}

    static void write(JsonWriter out, List<AccountDatum> items) {
        out.name("account_data").beginObject();
        out.name("events").beginArray();
        for (AccountDatum item : items) {
            out.beginObject()
                    .field("type", item.type())
                    .field("content", item.content())
                    .endObject();
        }
        out.endArray().endObject();
    }
}
