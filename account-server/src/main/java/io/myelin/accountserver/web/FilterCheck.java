package io.myelin.accountserver.web;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Checks that a filter has the form that the specification gives it. Unknown fields are allowed. */
final class FilterCheck {
    private static final Set<String> FORMATS = Set.of("client", "federation");

    private FilterCheck() {}

    /** @throws MatrixException naming the field that is wrong */
    static void check(JsonObject filter) {
        RequestFields fields = RequestFields.of(filter);
        fields.strings("event_fields");
        String format = fields.string("event_format");
        if (format != null && !FORMATS.contains(format)) {
            throw new MatrixException(MatrixError.badJson("'event_format' must be 'client' or 'federation'."));
        }
        eventFilter(fields.fields("presence"));
        eventFilter(fields.fields("account_data"));
        RequestFields room = fields.fields("room");
        if (room != null) {
            rooms(room);
            room.bool("include_leave", false);
            for (String part : List.of("ephemeral", "state", "timeline", "account_data")) {
                roomEventFilter(room.fields(part));
            }
        }
    }

    private static void eventFilter(@Nullable RequestFields filter) {
        if (filter == null) {
            return;
        }
        Long limit = filter.integer("limit");
        if (limit != null && limit < 0) {
            throw filter.refused("limit", "must not be negative");
        }
        filter.strings("types");
        filter.strings("not_types");
        ids(filter, "senders", id -> UserId.tryParse(id).isPresent());
        ids(filter, "not_senders", id -> UserId.tryParse(id).isPresent());
    }

    private static void roomEventFilter(@Nullable RequestFields filter) {
        if (filter == null) {
            return;
        }
        eventFilter(filter);
        rooms(filter);
        filter.bool("lazy_load_members", false);
        filter.bool("include_redundant_members", false);
        filter.bool("unread_thread_notifications", false);
        filter.bool("contains_url", false);
    }

    private static void rooms(RequestFields filter) {
        ids(filter, "rooms", id -> RoomId.tryParse(id).isPresent());
        ids(filter, "not_rooms", id -> RoomId.tryParse(id).isPresent());
    }

    private static void ids(RequestFields filter, String name, Predicate<String> isId) {
        List<String> ids = filter.strings(name);
        if (ids != null && !ids.stream().allMatch(isId)) {
            throw filter.refused(name, "has something that is no such identifier");
        }
    }
}
