package io.myelin.accountserver.web;

import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.Operation;
import io.myelin.accountserver.authentication.UserStages;
import io.myelin.accountserver.threepid.AddressNotices;
import io.myelin.accountserver.threepid.IdentityServers;
import io.myelin.accountserver.threepid.PhoneDelegate.Confirmed;
import io.myelin.accountserver.threepid.PhoneValidations;
import io.myelin.accountserver.threepid.PublishedIds;
import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.ThirdPartyIds;
import io.myelin.accountserver.threepid.Validation.Purpose;
import io.myelin.accountserver.threepid.Validations;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.NoGuests;
import io.myelin.web.NoSuspended;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A user's addresses outside Matrix. Client-server API, "Adding Account Administrative Contact Information". */
@RestController
@RequestMapping({
    "/_matrix/client/v3/account/3pid",
    "/_matrix/client/r0/account/3pid",
    "/_matrix/client/unstable/account/3pid"
})
public class ThirdPartyIdController {
    private final ThirdPartyIds ids;
    private final PublishedIds published;
    private final Validations validations;
    private final InteractiveAuthentication authentication;
    private final UserStages stages;
    private final AddressNotices notices;
    private final PhoneValidations phones;
    private final boolean asks;
    private final InstantSource clock;

    /** @param asks whether the older way to add an address asks for authentication too; not in test mode */
    public ThirdPartyIdController(
            ThirdPartyIds ids,
            PublishedIds published,
            Validations validations,
            InteractiveAuthentication authentication,
            UserStages stages,
            AddressNotices notices,
            PhoneValidations phones,
            boolean asks,
            InstantSource clock) {
        this.ids = ids;
        this.published = published;
        this.validations = validations;
        this.authentication = authentication;
        this.stages = stages;
        this.notices = notices;
        this.phones = phones;
        this.asks = asks;
        this.clock = clock;
    }

    @NoGuests
    @GetMapping
    JsonObject all(Session session) {
        return JsonObject.of(
                "threepids",
                new JsonArray(ids.of(session.user()).stream()
                        .<Json>map(owned -> JsonObject.builder()
                                .put("medium", owned.id().medium())
                                .put("address", owned.id().address())
                                .put("validated_at", owned.validatedAt())
                                .put("added_at", owned.addedAt())
                                .build())
                        .toList()));
    }

    /**
     * The older way to add an address. The specification asks for no further authentication here, but with it an access token
     * alone would be enough to set a new password.
     */
    @NoGuests
    @PostMapping
    JsonResponse addAsBefore(Session session, ClientAddress client, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        RequestFields credentials = request.fields("three_pid_creds");
        if (credentials == null) {
            credentials = request.fields("threePidCreds"); // The name before r0.5.
        }
        if (credentials == null) {
            throw request.missing("three_pid_creds");
        }
        String sid = credentials.requiredString("sid");
        String secret = credentials.requiredString("client_secret");
        if (asks) {
            authenticate(session, request, client);
        }
        add(session.user(), sid, secret);
        return JsonResponse.DONE;
    }

    private void authenticate(Session session, RequestFields request, ClientAddress client) {
        authentication.requireFor(
                Operation.of("add address", session.user(), stages.of(session.user())), request, client);
    }

    @NoGuests
    @PostMapping("/add")
    JsonResponse add(Session session, ClientAddress client, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        String sid = request.requiredString("sid");
        String secret = request.requiredString("client_secret");
        authenticate(session, request, client);
        add(session.user(), sid, secret);
        return JsonResponse.DONE;
    }

    private void add(UserId user, String sid, String secret) {
        Confirmed confirmed = validations
                .confirmed(Purpose.ADD, sid, secret)
                .map(validation -> new Confirmed(
                        validation.of(), Objects.requireNonNullElseGet(validation.validatedAt(), clock::millis)))
                .or(() -> phones.confirmed(Purpose.ADD, sid, secret))
                .orElseThrow(() -> new MatrixException(
                        400, "M_THREEPID_AUTH_FAILED", "The address is not confirmed, or not by this client."));
        boolean isNew = ids.owner(confirmed.id()).isEmpty();
        if (!ids.add(user, confirmed.id(), confirmed.validatedAt(), clock.millis())) {
            throw new MatrixException(
                    400,
                    "M_THREEPID_IN_USE",
                    "The address belongs to another user, or you have " + ThirdPartyIds.MOST + " already.");
        }
        if (isNew) {
            notices.added(user, confirmed.id());
        }
    }

    @NoGuests
    @PostMapping("/bind")
    JsonResponse bind(Session session, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        published.publish(
                session.user(),
                request.requiredString("id_server"),
                request.requiredString("id_access_token"),
                request.requiredString("sid"),
                request.requiredString("client_secret"));
        return JsonResponse.DONE;
    }

    @NoGuests
    @PostMapping("/unbind")
    JsonObject unbind(Session session, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        return withdraw(session.user(), id(request), idServer(request));
    }

    /** A suspended user keeps the ways by which administrators reach them. */
    @NoGuests
    @NoSuspended
    @PostMapping("/delete")
    JsonObject delete(Session session, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        ThirdPartyId id = id(request);
        JsonObject answer = withdraw(session.user(), id, idServer(request));
        if (ids.remove(session.user(), id)) {
            notices.removed(session.user(), id);
        }
        return answer;
    }

    private JsonObject withdraw(UserId user, ThirdPartyId id, @Nullable String idServer) {
        return JsonObject.of(
                "id_server_unbind_result", published.withdraw(user, id, idServer) ? "success" : "no-support");
    }

    private static ThirdPartyId id(RequestFields request) {
        return ThirdPartyId.of(request.requiredString("medium"), request.requiredString("address"));
    }

    private static @Nullable String idServer(RequestFields request) {
        String server = request.string("id_server");
        return server == null ? null : IdentityServers.checkName(server);
    }
}
