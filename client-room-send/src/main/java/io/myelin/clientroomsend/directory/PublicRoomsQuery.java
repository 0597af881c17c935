package io.myelin.clientroomsend.directory;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rooms of the directory a client asks for. Client-server API, {@code POST /publicRooms}.
 *
 * @param limit rooms of a page, 1 to {@link #MAX_LIMIT}
 * @param since a token of an earlier page; null for the first page
 * @param searchTerm null for any room
 * @param types accepted room types, an empty one for rooms without a type; null for any
 * @param ofBridge whether the client asks only for the rooms of one application service's network
 */
public record PublicRoomsQuery(
        int limit,
        @Nullable DirectoryToken since,
        @Nullable String searchTerm,
        @Nullable Set<Optional<String>> types,
        boolean ofBridge) {
    static final int DEFAULT_LIMIT = 50;
    static final int MAX_LIMIT = 100;

    /** A query without a filter. */
    public static PublicRoomsQuery of(@Nullable Long limit, @Nullable String since) {
        return new PublicRoomsQuery(limit(limit), DirectoryToken.parse(since), null, null, false);
    }

    /** @throws MatrixException 400, saying which field is wrong */
    public static PublicRoomsQuery parse(JsonObject body) {
        var fields = RequestFields.of(body);
        var filter = fields.fields("filter");
        boolean allNetworks = fields.bool("include_all_networks", false);
        String network = fields.string("third_party_instance_id");
        String term = filter == null ? null : filter.string("generic_search_term");
        return new PublicRoomsQuery(
                limit(fields.integer("limit")),
                DirectoryToken.parse(fields.string("since")),
                term == null || term.isEmpty() ? null : term,
                filter == null ? null : types(filter),
                network != null && !network.isEmpty() && !allNetworks);
    }

    boolean wants(PublicRoom room) {
        return (types == null || types.contains(Optional.ofNullable(room.type())))
                && (searchTerm == null || room.mentions(searchTerm));
    }

    private static int limit(@Nullable Long wanted) {
        if (wanted == null || wanted == 0) {
            return DEFAULT_LIMIT;
        }
        if (wanted < 0) {
            throw new MatrixException(MatrixError.invalidParam("'limit' must not be negative."));
        }
        return (int) Math.min(wanted, MAX_LIMIT);
    }

    private static @Nullable Set<Optional<String>> types(RequestFields filter) {
        JsonArray wanted = filter.array("room_types");
        if (wanted == null) {
            return null;
        }
        Set<Optional<String>> types = new HashSet<>();
        for (Json type : wanted) {
            types.add(
                    switch (type) {
                        case JsonString(String text) -> Optional.of(text);
                        case JsonNull _ -> Optional.empty();
                        default ->
                            throw new MatrixException(
                                    MatrixError.badJson("'filter.room_types' must have strings and null only."));
                    });
        }
        return types;
    }
}
