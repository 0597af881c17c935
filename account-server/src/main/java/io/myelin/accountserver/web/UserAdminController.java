package io.myelin.accountserver.web;

import io.myelin.accountserver.account.ProfileRules;
import io.myelin.accountserver.account.UserList;
import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.registration.Registrations;
import io.myelin.accountserver.threepid.PublishedIds;
import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.ThirdPartyIds;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Lets administrators list, see, make and change users. Paths and shapes are those of Synapse's admin API ("User Admin API").
 * A closed account stays closed.
 */
@RestController
public class UserAdminController {
    private static final String ONE = "/_synapse/admin/v2/users/{userId}";
    private static final int USUAL_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private final AdministeredUsers users;
    private final Commands commands;
    private final Registrations registrations;
    private final ThirdPartyIds addresses;
    private final PublishedIds published;
    private final UserList list;
    private final InstantSource clock;

    public UserAdminController(
            AdministeredUsers users,
            Commands commands,
            Registrations registrations,
            ThirdPartyIds addresses,
            PublishedIds published,
            UserList list,
            InstantSource clock) {
        this.users = users;
        this.commands = commands;
        this.registrations = registrations;
        this.addresses = addresses;
        this.published = published;
        this.list = list;
        this.clock = clock;
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
                                .<Json>map(UserAdminController::json)
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
                .put("displayname", nullable(user.displayName()))
                .put("avatar_url", nullable(user.avatarUrl()))
                .put("creation_ts", user.createdAt())
                .put("locked", user.locked())
                .put("suspended", user.suspended())
                .build();
    }

    private static Json nullable(@Nullable String text) {
        return text == null ? JsonNull.NULL : Json.of(text);
    }

    @GetMapping(ONE)
    JsonObject user(Session session, @PathVariable UserId userId) {
        return json(users.require(session, userId));
    }

    private JsonObject json(UserState.Account account) {
        return JsonObject.builder()
                .put("name", account.user().value())
                .put("displayname", nullable(account.profile().displayName()))
                .put("avatar_url", nullable(account.profile().avatarUrl()))
                .put(
                        "threepids",
                        new JsonArray(addresses.of(account.user()).stream()
                                .<Json>map(owned -> JsonObject.builder()
                                        .put("medium", owned.id().medium())
                                        .put("address", owned.id().address())
                                        .put("validated_at", owned.validatedAt())
                                        .put("added_at", owned.addedAt())
                                        .build())
                                .toList()))
                .put("is_guest", account.guest())
                .put("admin", account.admin())
                .put("deactivated", account.deactivated())
                .put("erased", account.erased())
                .put("shadow_banned", false)
                .put("creation_ts", account.createdAt() / 1_000)
                .put("appservice_id", JsonNull.NULL)
                .put("user_type", JsonNull.NULL)
                .put("external_ids", JsonArray.EMPTY)
                .put("locked", account.locked())
                .put("suspended", account.suspended())
                .build();
    }

    @PutMapping(ONE)
    JsonResponse put(Session session, @PathVariable UserId userId, ClientAddress client, JsonObject body) {
        boolean isNew = users.find(session, userId).isEmpty();
        Change change = change(session, userId, RequestFields.of(body));
        if (isNew && change.closes()) {
            throw new MatrixException(404, "M_NOT_FOUND", "There is no such user.");
        }
        if (isNew) {
            return JsonResponse.of(201, json(users.require(session, create(userId, client, change))));
        }
        modify(session, users.require(session, userId), client, change);
        return JsonResponse.of(200, json(users.require(session, userId)));
    }

    /** What is to be different. Null leaves it as it is. */
    private record Change(
            @Nullable String password,
            boolean logsOut,
            @Nullable String displayName,
            @Nullable String avatarUrl,
            @Nullable Boolean admin,
            @Nullable Boolean deactivated,
            @Nullable Boolean locked,
            @Nullable Boolean suspended,
            @Nullable Set<ThirdPartyId> addresses) {

        boolean closes() {
            return Boolean.TRUE.equals(deactivated);
        }
    }

    /** Checks all of the request before anything of it is done. */
    private Change change(Session session, UserId user, RequestFields request) {
        String password = request.string("password");
        if (password != null) {
            registrations.check(password);
        }
        var change = new Change(
                password,
                request.bool("logout_devices", true),
                limited(request, "displayname", ProfileController.MAX_DISPLAY_NAME),
                limited(request, "avatar_url", ProfileController.MAX_AVATAR_URL),
                flag(request, "admin"),
                flag(request, "deactivated"),
                flag(request, "locked"),
                flag(request, "suspended"),
                request.has("threepids") ? addresses(request, user) : null);
        boolean isOwn = session.user().equals(user);
        if (isOwn && Boolean.FALSE.equals(change.admin())) {
            throw new MatrixException(400, "M_UNKNOWN", "You may not demote yourself.");
        }
        if (isOwn && (Boolean.TRUE.equals(change.locked()) || Boolean.TRUE.equals(change.suspended()))) {
            throw new MatrixException(MatrixError.forbidden("Nobody can restrict their own account."));
        }
        if (change.closes() && (Boolean.TRUE.equals(change.locked()) || password != null)) {
            throw new MatrixException(
                    MatrixError.invalidParam("An account that is to be closed has no password, and is not locked."));
        }
        return change;
    }

    private static @Nullable String limited(RequestFields request, String name, int most) {
        String text = request.string(name);
        if (text != null && text.length() > most) {
            throw request.refused(name, "must have at most " + most + " characters");
        }
        return text;
    }

    private static @Nullable Boolean flag(RequestFields request, String name) {
        return request.has(name) ? request.bool(name, false) : null;
    }

    private Set<ThirdPartyId> addresses(RequestFields request, UserId user) {
        Set<ThirdPartyId> wanted = new LinkedHashSet<>();
        for (RequestFields each : request.objects("threepids")) {
            ThirdPartyId id = ThirdPartyId.of(each.requiredString("medium"), each.requiredString("address"));
            if (addresses.owner(id).filter(owner -> !owner.equals(user)).isPresent()) {
                throw new MatrixException(400, "M_THREEPID_IN_USE", "The address belongs to another user.");
            }
            wanted.add(id);
        }
        if (wanted.size() > ThirdPartyIds.MOST) {
            throw request.refused("threepids", "must have at most " + ThirdPartyIds.MOST + " addresses");
        }
        return wanted;
    }

    /** The new user, whose name has no capital letters. */
    private UserId create(UserId user, ClientAddress client, Change change) {
        UserId free = registrations.free(user.localpart());
        String password = change.password();
        commands.execute(new AccountCommand.Register(
                free,
                password == null ? null : registrations.hash(client, password),
                null,
                Boolean.TRUE.equals(change.admin()),
                false,
                change.displayName() == null ? free.localpart() : change.displayName()));
        if (change.avatarUrl() != null) {
            set(free, ProfileRules.AVATAR_URL, change.avatarUrl());
        }
        restrict(free, change);
        replace(free, change.addresses());
        return free;
    }

    private void modify(Session session, UserState.Account account, ClientAddress client, Change change) {
        UserId user = account.user();
        if (account.deactivated()) {
            if (!change.closes()) {
                throw new MatrixException(400, "M_UNKNOWN", "The account is closed, which cannot be undone.");
            }
            return;
        }
        if (change.displayName() != null) {
            set(user, ProfileRules.DISPLAY_NAME, change.displayName());
        }
        if (change.avatarUrl() != null) {
            set(user, ProfileRules.AVATAR_URL, change.avatarUrl());
        }
        if (change.admin() != null) {
            commands.execute(new AccountCommand.SetAdmin(user, change.admin()));
        }
        if (change.password() != null) {
            // Administrators who change their own password stay logged in.
            String stays = session.user().equals(user) && session.device() != null ? session.device() : "";
            commands.execute(new AccountCommand.ChangePassword(
                    user, registrations.hash(client, change.password()), change.logsOut() ? stays : null));
        }
        replace(user, change.addresses());
        restrict(user, change);
        if (change.closes()) {
            published.withdrawAll(user, null);
            commands.execute(new AccountCommand.Deactivate(user, false));
        }
    }

    private void set(UserId user, String field, String text) {
        commands.execute(new AccountCommand.SetProfileField(
                user, field, text.isEmpty() ? null : CanonicalJson.encode(Json.of(text))));
    }

    private void restrict(UserId user, Change change) {
        if (change.locked() != null || change.suspended() != null) {
            commands.execute(new AccountCommand.Restrict(user, change.locked(), change.suspended()));
        }
    }

    private void replace(UserId user, @Nullable Set<ThirdPartyId> wanted) {
        if (wanted == null) {
            return;
        }
        for (ThirdPartyIds.Owned owned : addresses.of(user)) {
            if (!wanted.contains(owned.id())) {
                published.withdraw(user, owned.id(), null);
                addresses.remove(user, owned.id());
            }
        }
        long now = clock.millis();
        for (ThirdPartyId id : wanted) {
            if (!addresses.add(user, id, now, now)) {
                throw new MatrixException(400, "M_THREEPID_IN_USE", "The address belongs to another user.");
            }
        }
    }
}
