package io.myelin.accountserver.web;

import io.myelin.accountserver.account.ProfileRules;
import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.registration.Registrations;
import io.myelin.accountserver.sso.SsoIdentities;
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
import org.springframework.web.bind.annotation.RestController;

/**
 * Lets administrators see, make and change users. Paths and shapes are those of Synapse's admin API ("User Admin API").
 * Unlike there, a closed account stays closed, a new user may be closed from the start, and there are no types of users.
 */
@RestController
public class UserAdminController {
    private static final String ONE = "/_synapse/admin/v2/users/{userId}";
    private static final int MOST_IDENTITIES = 20;
    private static final int MAX_IDENTITY = 255;

    private final AdministeredUsers users;
    private final Commands commands;
    private final Registrations registrations;
    private final ThirdPartyIds addresses;
    private final SsoIdentities identities;
    private final PublishedIds published;
    private final InstantSource clock;

    public UserAdminController(
            AdministeredUsers users,
            Commands commands,
            Registrations registrations,
            ThirdPartyIds addresses,
            SsoIdentities identities,
            PublishedIds published,
            InstantSource clock) {
        this.users = users;
        this.commands = commands;
        this.registrations = registrations;
        this.addresses = addresses;
        this.identities = identities;
        this.published = published;
        this.clock = clock;
    }

    static Json nullable(@Nullable String text) {
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
                .put(
                        "external_ids",
                        new JsonArray(identities.of(account.user()).stream()
                                .<Json>map(identity -> JsonObject.of("auth_provider", identity.provider())
                                        .with("external_id", identity.subject()))
                                .toList()))
                .put("locked", account.locked())
                .put("suspended", account.suspended())
                .build();
    }

    @PutMapping(ONE)
    JsonResponse put(Session session, @PathVariable UserId userId, ClientAddress client, JsonObject body) {
        boolean isNew = users.find(session, userId).isEmpty();
        Change change = change(session, userId, RequestFields.of(body));
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
            @Nullable Set<ThirdPartyId> addresses,
            @Nullable Set<SsoIdentities.External> identities) {

        boolean closes() {
            return Boolean.TRUE.equals(deactivated);
        }

        /** Whether the account is taken from its user, or given to another. */
        boolean takes() {
            return closes()
                    || password != null
                    || locked != null
                    || suspended != null
                    || addresses != null
                    || identities != null;
        }

        /** Whether anything but the account's end is wanted. */
        boolean says() {
            return password != null
                    || displayName != null
                    || avatarUrl != null
                    || admin != null
                    || locked != null
                    || suspended != null
                    || addresses != null
                    || identities != null;
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
                request.has("threepids") ? addresses(request, user) : null,
                request.has("external_ids") ? identities(request, user) : null);
        if (request.string("user_type") != null) {
            throw request.refused("user_type", "must be null: there are no types of users here");
        }
        boolean isOwn = session.user().equals(user);
        if (isOwn && Boolean.FALSE.equals(change.admin())) {
            throw new MatrixException(400, "M_UNKNOWN", "You may not demote yourself.");
        }
        if (isOwn && (Boolean.TRUE.equals(change.locked()) || Boolean.TRUE.equals(change.suspended()))) {
            throw new MatrixException(MatrixError.forbidden("Nobody can restrict their own account."));
        }
        if (change.closes() && Boolean.TRUE.equals(change.locked())) {
            throw new MatrixException(MatrixError.invalidParam("An account that is to be closed is not locked."));
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

    private Set<SsoIdentities.External> identities(RequestFields request, UserId user) {
        Set<SsoIdentities.External> wanted = new LinkedHashSet<>();
        for (RequestFields each : request.objects("external_ids")) {
            var identity = new SsoIdentities.External(
                    each.requiredString("auth_provider"), each.requiredString("external_id"));
            if (identity.provider().length() > MAX_IDENTITY
                    || identity.subject().length() > MAX_IDENTITY
                    || (identity.provider() + identity.subject()).indexOf('\0') >= 0) {
                throw request.refused("external_ids", "has names that are too long, or no text");
            }
            requireNobodyElses(identity, user);
            wanted.add(identity);
        }
        if (wanted.size() > MOST_IDENTITIES) {
            throw request.refused("external_ids", "must have at most " + MOST_IDENTITIES + " entries");
        }
        return wanted;
    }

    private void requireNobodyElses(SsoIdentities.External identity, UserId user) {
        if (identities
                .user(identity.provider(), identity.subject())
                .filter(owner -> !owner.equals(user))
                .isPresent()) {
            throw new MatrixException(409, "M_UNKNOWN", "External id is already in use: it is another user's.");
        }
    }

    /** The new user, whose name has no capital letters. One who is to be restricted has no password before. */
    private UserId create(UserId user, ClientAddress client, Change change) {
        UserId free = registrations.free(user.localpart());
        String hash = change.password() == null ? null : registrations.hash(client, change.password());
        boolean isRestricted = change.locked() != null || change.suspended() != null;
        commands.execute(new AccountCommand.Register(
                free,
                isRestricted ? null : hash,
                null,
                Boolean.TRUE.equals(change.admin()),
                false,
                change.displayName() == null ? free.localpart() : change.displayName()));
        if (change.avatarUrl() != null) {
            set(free, ProfileRules.AVATAR_URL, change.avatarUrl());
        }
        restrict(free, change);
        if (isRestricted && hash != null) {
            commands.execute(new AccountCommand.ChangePassword(free, hash, null));
        }
        replace(free, change.addresses());
        replaceIdentities(free, change.identities());
        if (change.closes()) {
            close(free);
        }
        return free;
    }

    private void modify(Session session, UserState.Account account, ClientAddress client, Change change) {
        UserId user = account.user();
        if (account.deactivated()) {
            if (!change.closes() || change.says()) {
                throw new MatrixException(400, "M_UNKNOWN", "The account is closed, and nothing of it can be changed.");
            }
            return;
        }
        if (change.takes() && !Boolean.FALSE.equals(change.admin())) {
            AdministeredUsers.requireNoOtherAdministrator(session, account);
        }
        if (Boolean.FALSE.equals(change.admin())) {
            commands.execute(new AccountCommand.SetAdmin(user, false));
        }
        if (change.displayName() != null) {
            set(user, ProfileRules.DISPLAY_NAME, change.displayName());
        }
        if (change.avatarUrl() != null) {
            set(user, ProfileRules.AVATAR_URL, change.avatarUrl());
        }
        if (Boolean.TRUE.equals(change.admin())) {
            commands.execute(new AccountCommand.SetAdmin(user, true));
        }
        if (change.password() != null) {
            // Administrators who change their own password stay logged in.
            String stays = session.user().equals(user) && session.device() != null ? session.device() : "";
            commands.execute(new AccountCommand.ChangePassword(
                    user, registrations.hash(client, change.password()), change.logsOut() ? stays : null));
        }
        replace(user, change.addresses());
        replaceIdentities(user, change.identities());
        restrict(user, change);
        if (change.closes()) {
            close(user);
        }
    }

    private void close(UserId user) {
        published.withdrawAll(user, null);
        commands.execute(new AccountCommand.Deactivate(user, false));
    }

    private void replaceIdentities(UserId user, @Nullable Set<SsoIdentities.External> wanted) {
        if (wanted == null) {
            return;
        }
        for (SsoIdentities.External owned : identities.of(user)) {
            if (!wanted.contains(owned)) {
                identities.forget(owned.provider(), owned.subject(), user);
            }
        }
        for (SsoIdentities.External identity : wanted) {
            identities.remember(identity.provider(), identity.subject(), user);
            requireNobodyElses(identity, user);
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
