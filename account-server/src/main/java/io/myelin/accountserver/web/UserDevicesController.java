package io.myelin.accountserver.web;

import io.myelin.accountserver.account.Device;
import io.myelin.accountserver.registration.NewSessions;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountQueries.SeenDevice;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

/** Lets administrators see and end sessions of a user. Synapse's admin API ("User devices"). */
@RestController
@RequestMapping("/_synapse/admin/v2/users/{userId}")
public class UserDevicesController {
    private final AdministeredUsers users;
    private final Commands commands;
    private final NewSessions newSessions;
    private final Function<UserId, List<SeenDevice>> seen;

    public UserDevicesController(
            AdministeredUsers users,
            Commands commands,
            NewSessions newSessions,
            Function<UserId, List<SeenDevice>> seen) {
        this.users = users;
        this.commands = commands;
        this.newSessions = newSessions;
        this.seen = seen;
    }

    @GetMapping("/devices")
    JsonObject devices(Session session, @PathVariable UserId userId) {
        Map<String, Device> devices = users.require(session, userId).devices();
        Map<String, SeenDevice> known =
                seen.apply(userId).stream().collect(Collectors.toMap(SeenDevice::device, Function.identity()));
        List<Json> all = devices.values().stream()
                .sorted(Comparator.comparing(Device::id))
                .<Json>map(device -> json(userId, device, known.get(device.id())))
                .toList();
        return JsonObject.builder()
                .put("devices", new JsonArray(all))
                .put("total", all.size())
                .build();
    }

    /** Makes a device that nobody has a token of; does nothing if there is one of this ID. */
    @PostMapping("/devices")
    JsonResponse make(Session session, @PathVariable UserId userId, JsonObject body) {
        Map<String, Device> devices = users.requireOpen(session, userId).devices();
        RequestFields request = RequestFields.of(body);
        if (!devices.containsKey(request.requiredString("device_id"))) {
            commands.execute(new AccountCommand.BeginSession(
                    userId, newSessions.of(userId, request).toKeep()));
        }
        return JsonResponse.of(201, JsonObject.EMPTY);
    }

    @GetMapping("/devices/{deviceId}")
    JsonObject device(Session session, @PathVariable UserId userId, @PathVariable String deviceId) {
        Device device = users.require(session, userId).devices().get(deviceId);
        if (device == null) {
            throw new MatrixException(404, "M_NOT_FOUND", "The user has no such device.");
        }
        return json(
                userId,
                device,
                seen.apply(userId).stream()
                        .filter(each -> each.device().equals(deviceId))
                        .findFirst()
                        .orElse(null));
    }

    private static JsonObject json(UserId user, Device device, @Nullable SeenDevice seen) {
        return JsonObject.builder()
                .put("device_id", device.id())
                .put("user_id", user.value())
                .put("display_name", device.displayName() == null ? JsonNull.NULL : Json.of(device.displayName()))
                .put("last_seen_ip", seen == null ? JsonNull.NULL : Json.of(seen.ip()))
                .put("last_seen_user_agent", seen == null ? JsonNull.NULL : Json.of(seen.userAgent()))
                .put("last_seen_ts", seen == null ? JsonNull.NULL : Json.of(seen.seenAt()))
                .build();
    }

    @PutMapping("/devices/{deviceId}")
    JsonResponse rename(Session session, @PathVariable UserId userId, @PathVariable String deviceId, JsonObject body) {
        device(session, userId, deviceId);
        RequestFields request = RequestFields.of(body);
        if (body.has("display_name")) {
            commands.execute(new AccountCommand.RenameDevice(
                    userId, deviceId, NewSessions.displayName(request, "display_name")));
        }
        return JsonResponse.DONE;
    }

    @DeleteMapping("/devices/{deviceId}")
    JsonResponse end(Session session, @PathVariable UserId userId, @PathVariable String deviceId) {
        users.require(session, userId);
        commands.execute(new AccountCommand.Logout(userId, List.of(deviceId), null));
        return JsonResponse.DONE;
    }

    @PostMapping("/delete_devices")
    JsonResponse endSeveral(Session session, @PathVariable UserId userId, JsonObject body) {
        users.require(session, userId);
        RequestFields request = RequestFields.of(body);
        List<String> devices = request.strings("devices");
        if (devices == null) {
            throw request.missing("devices");
        }
        if (!devices.isEmpty()) {
            commands.execute(new AccountCommand.Logout(userId, devices, null));
        }
        return JsonResponse.DONE;
    }
}
