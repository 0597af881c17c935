package io.myelin.accountserver.web;

import io.myelin.accountserver.account.Device;
import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.Operation;
import io.myelin.accountserver.authentication.UserStages;
import io.myelin.accountserver.registration.NewSessions;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountQueries.SeenDevice;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.NoGuests;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A user's own devices. Client-server API, "Device Management". */
@RestController
@RequestMapping({"/_matrix/client/v3", "/_matrix/client/r0"})
public class DeviceController {
    private final Commands commands;
    private final Function<UserId, Optional<UserState.Account>> accounts;
    private final InteractiveAuthentication authentication;
    private final UserStages stages;
    private final Function<UserId, List<SeenDevice>> seen;

    public DeviceController(
            Commands commands,
            Function<UserId, Optional<UserState.Account>> accounts,
            InteractiveAuthentication authentication,
            UserStages stages,
            Function<UserId, List<SeenDevice>> seen) {
        this.commands = commands;
        this.accounts = accounts;
        this.authentication = authentication;
        this.stages = stages;
        this.seen = seen;
    }

    @GetMapping("/devices")
    JsonObject devices(Session session) {
        Map<String, SeenDevice> known = seen(session);
        List<Json> devices = of(session).values().stream()
                .sorted(Comparator.comparing(Device::id))
                .map(device -> json(device, known.get(device.id())))
                .toList();
        return JsonObject.of("devices", new JsonArray(devices));
    }

    @GetMapping("/devices/{deviceId}")
    Json device(Session session, @PathVariable String deviceId) {
        Device device = of(session).get(deviceId);
        if (device == null) {
            throw new MatrixException(MatrixError.notFound("You have no such device."));
        }
        return json(device, seen(session).get(deviceId));
    }

    @PutMapping("/devices/{deviceId}")
    JsonResponse rename(Session session, @PathVariable String deviceId, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        if (!body.has("display_name")) {
            device(session, deviceId);
            return JsonResponse.DONE;
        }
        String name = NewSessions.displayName(request, "display_name");
        commands.execute(new AccountCommand.RenameDevice(session.user(), deviceId, name));
        return JsonResponse.DONE;
    }

    @NoGuests
    @DeleteMapping("/devices/{deviceId}")
    JsonResponse delete(
            Session session,
            ClientAddress client,
            @PathVariable String deviceId,
            @Body(optional = true) JsonObject body) {
        return delete(session, client, RequestFields.of(body), List.of(deviceId));
    }

    @NoGuests
    @PostMapping("/delete_devices")
    JsonResponse deleteSeveral(Session session, ClientAddress client, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        List<String> devices = request.strings("devices");
        if (devices == null) {
            throw request.missing("devices");
        }
        return delete(session, client, request, devices);
    }

    private JsonResponse delete(Session session, ClientAddress client, RequestFields request, List<String> devices) {
        String names = JsonArray.ofStrings(new TreeSet<>(devices)).toString();
        String operation =
                "delete " + UnpaddedBase64.encodeUrlSafe(Sha256.hash(names.getBytes(StandardCharsets.UTF_8)));
        authentication.requireFor(Operation.of(operation, session.user(), stages.of(session.user())), request, client);
        if (!devices.isEmpty()) {
            commands.execute(new AccountCommand.Logout(session.user(), devices, null));
        }
        return JsonResponse.DONE;
    }

    private Map<String, Device> of(Session session) {
        return accounts.apply(session.user()).map(UserState.Account::devices).orElse(Map.of());
    }

    private Map<String, SeenDevice> seen(Session session) {
        return seen.apply(session.user()).stream().collect(Collectors.toMap(SeenDevice::device, Function.identity()));
    }

    private static Json json(Device device, @Nullable SeenDevice seen) {
        return JsonObject.builder()
                .put("device_id", device.id())
                .put("display_name", device.displayName() == null ? JsonNull.NULL : Json.of(device.displayName()))
                .put("last_seen_ip", seen == null ? JsonNull.NULL : Json.of(seen.ip()))
                .put("last_seen_ts", seen == null ? device.loggedInAt() : Math.max(device.loggedInAt(), seen.seenAt()))
                .build();
    }
}
