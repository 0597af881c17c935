package io.myelin.accountserver.web;

import io.myelin.accountserver.account.UserList;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.web.MatrixException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lets administrators list users. Paths and shapes are those of Synapse's admin API ("List Accounts"). */
@RestController
public class UserListController {
    private static final int USUAL_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private final UserList list;

    public UserListController(UserList list) {
        this.list = list;
    }

    /** Which page of the list is wanted, as the query says it. */
    record Query(
            long from,
            int limit,
            boolean backwards,
            String orderBy,
            @Nullable String name,
            @Nullable String userId) {}

    @GetMapping({"/_synapse/admin/v2/users", "/_synapse/admin/v2/users/"})
    JsonObject list(
            Session session,
            @RequestParam(defaultValue = "0") long from,
            @RequestParam(defaultValue = "" + USUAL_LIMIT) int limit,
            @RequestParam(defaultValue = "f") String dir,
            @RequestParam(name = "order_by", defaultValue = "name") String orderBy,
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(name = "user_id", required = false) @Nullable String userId,
            @RequestParam(defaultValue = "true") boolean guests,
            @RequestParam(required = false) @Nullable Boolean admins,
            @RequestParam(defaultValue = "false") boolean deactivated,
            @RequestParam(defaultValue = "false") boolean locked) {
        Commands.requireAdministrator(session);
        Query query = query(from, limit, dir, orderBy, name, userId);
        return page(query, guests, admins, deactivated ? null : Boolean.FALSE, locked ? null : Boolean.FALSE);
    }

    /** As version 2, with another meaning of {@code deactivated}: true for closed accounts alone. */
    @GetMapping({"/_synapse/admin/v3/users", "/_synapse/admin/v3/users/"})
    JsonObject listOfThree(
            Session session,
            @RequestParam(defaultValue = "0") long from,
            @RequestParam(defaultValue = "" + USUAL_LIMIT) int limit,
            @RequestParam(defaultValue = "f") String dir,
            @RequestParam(name = "order_by", defaultValue = "name") String orderBy,
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(name = "user_id", required = false) @Nullable String userId,
            @RequestParam(defaultValue = "true") boolean guests,
            @RequestParam(required = false) @Nullable Boolean admins,
            @RequestParam(required = false) @Nullable Boolean deactivated,
            @RequestParam(defaultValue = "false") boolean locked) {
        Commands.requireAdministrator(session);
        Query query = query(from, limit, dir, orderBy, name, userId);
        return page(query, guests, admins, deactivated, locked ? null : Boolean.FALSE);
    }

    private static Query query(
            long from, int limit, String dir, String orderBy, @Nullable String name, @Nullable String userId) {
        if (from < 0) {
            throw new MatrixException(MatrixError.invalidParam("'from' is no place in the list."));
        }
        if (limit < 0) {
            throw new MatrixException(MatrixError.invalidParam("'limit' is a positive number."));
        }
        if (!dir.equals("f") && !dir.equals("b")) {
            throw new MatrixException(MatrixError.invalidParam("'dir' must be 'f' or 'b'."));
        }
        if ((name + userId).indexOf('\0') >= 0) {
            throw new MatrixException(MatrixError.invalidParam("No user has U+0000 in the name."));
        }
        if (!UserList.ORDERS.contains(orderBy)) {
            throw new MatrixException(MatrixError.invalidParam("The list cannot be sorted by this 'order_by'."));
        }
        return new Query(from, Math.min(limit, MAX_LIMIT), dir.equals("b"), orderBy, name, userId);
    }

    private JsonObject page(
            Query query,
            boolean guests,
            @Nullable Boolean admins,
            @Nullable Boolean deactivated,
            @Nullable Boolean locked) {
        UserList.Page page = list.page(new UserList.Wanted(
                query.from(),
                query.limit(),
                query.backwards(),
                query.orderBy(),
                query.name(),
                query.userId(),
                guests ? null : Boolean.FALSE,
                admins,
                deactivated,
                locked));
        JsonObjectBuilder answer = JsonObject.builder()
                .put(
                        "users",
                        new JsonArray(page.users().stream()
                                .<Json>map(UserListController::json)
                                .toList()))
                .put("total", page.total());
        long next = query.from() + page.users().size();
        return (next < page.total() ? answer.put("next_token", String.valueOf(next)) : answer).build();
    }

    private static JsonObject json(UserList.Listed user) {
        return JsonObject.builder()
                .put("name", user.user().value())
                .put("is_guest", user.guest())
                .put("admin", user.admin())
                .put("user_type", JsonNull.NULL)
                .put("deactivated", user.deactivated())
                .put("erased", user.erased())
                .put("shadow_banned", false)
                .put("displayname", UserAdminController.nullable(user.displayName()))
                .put("avatar_url", UserAdminController.nullable(user.avatarUrl()))
                .put("creation_ts", user.createdAt())
                .put("last_seen_ts", user.lastSeen() == null ? JsonNull.NULL : Json.of(user.lastSeen()))
                .put("locked", user.locked())
                .put("suspended", user.suspended())
                .build();
    }
}
