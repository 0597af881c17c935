package io.myelin.accountserver.web;

import io.myelin.accountserver.todevice.DehydratedDevice;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.DehydrationCommand;
import io.myelin.contracts.account.KeyCommand;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.account.ToDeviceInboxes;
import io.myelin.contracts.account.ToDeviceInboxes.InboxPage;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.AttemptLimit;
import io.myelin.web.Body;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import io.myelin.web.NoGuests;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A user's dehydrated device, which receives room keys while the user is logged in nowhere. MSC3814, version 2. */
@RestController
public class DehydratedDeviceController {
    private static final String PATH = "/_matrix/client/unstable/org.matrix.msc3814.v1/dehydrated_device";
    private static final int MAX_DATA = 65_536;
    private static final int MAX_ID = 255;
    private static final int TOKEN_BYTES = 32;
    private static final int MOST_EVENTS = 100;
    private static final String TOKEN_PREFIX = "d";

    private final Commands commands;
    private final Function<UserId, Optional<DehydratedDevice>> devices;
    private final ToDeviceInboxes inboxes;
    private final BiFunction<Session, JsonObject, KeyCommand.UploadKeys> keyUpload;
    private final AttemptLimit attempts;
    private final RandomGenerator random;

    /**
     * @param devices the dehydrated device of each user
     * @param keyUpload checks the body of {@code /keys/upload} of a device, and makes its command
     * @param attempts of each user to make a device
     */
    public DehydratedDeviceController(
            Commands commands,
            Function<UserId, Optional<DehydratedDevice>> devices,
            ToDeviceInboxes inboxes,
            BiFunction<Session, JsonObject, KeyCommand.UploadKeys> keyUpload,
            AttemptLimit attempts,
            RandomGenerator random) {
        this.commands = commands;
        this.devices = devices;
        this.inboxes = inboxes;
        this.keyUpload = keyUpload;
        this.attempts = attempts;
        this.random = random;
    }

    @NoGuests
    @GetMapping(PATH)
    byte[] get(Session session) {
        DehydratedDevice device = existing(session);
        JsonWriter out = new JsonWriter(1_024);
        out.beginObject()
                .field("device_id", device.device())
                .field("device_data", device.data())
                .endObject();
        return out.toBytes();
    }

    /** The device and its keys take the place of the device before in one step. */
    @NoGuests
    @PutMapping(PATH)
    JsonObject put(Session session, @Body(decimals = true) JsonObject body) {
        String id = BackupJson.string(body, "device_id");
        if (id.isEmpty() || id.length() > MAX_ID) {
            throw new MatrixException(MatrixError.invalidParam("A device ID has 1 to " + MAX_ID + " characters."));
        }
        JsonObject device = BackupJson.object(body, "device_data");
        BackupJson.string(device, "algorithm");
        BackupJson.object(body, "device_keys");
        byte[] data = CanonicalJson.encode(device);
        if (data.length > MAX_DATA) {
            throw new MatrixException(413, "M_TOO_LARGE", "'device_data' has at most " + MAX_DATA + " bytes.");
        }
        String name = optional(body, "initial_device_display_name");
        Session ofDevice = new Session(session.user(), id, session.admin(), session.guest(), session.seq());
        KeyCommand.UploadKeys keys = keyUpload.apply(ofDevice, body);
        attempts.attempt(session.user().value());
        byte[] unknown = new byte[TOKEN_BYTES];
        random.nextBytes(unknown);
        commands.execute(new DehydrationCommand.DehydrateDevice(
                session.user(),
                new AccountCommand.NewDevice(id, name, unknown),
                data,
                new DehydrationCommand.Keys(
                        Objects.requireNonNull(keys.deviceKeys()), keys.oneTimeKeys(), keys.fallbackKeys())));
        return JsonObject.of("device_id", id);
    }

    @NoGuests
    @DeleteMapping(PATH)
    JsonObject delete(Session session) {
        DehydratedDevice device = existing(session);
        commands.execute(new DehydrationCommand.RemoveDehydratedDevice(session.user()));
        return JsonObject.of("device_id", device.device());
    }

    /** The messages stay until the device is removed. */
    @NoGuests
    @GetMapping(PATH + "/{deviceId}/events")
    byte[] events(
            Session session,
            @PathVariable String deviceId,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable Integer limit) {
        return events(session, deviceId, from, limit, false);
    }

    /** The form of an earlier draft, whose answers always have {@code next_batch}. */
    @NoGuests
    @PostMapping(PATH + "/{deviceId}/events")
    byte[] eventsOfTheDraft(
            Session session,
            @PathVariable String deviceId,
            @RequestParam(required = false) @Nullable Integer limit,
            @Body(optional = true) JsonObject body) {
        String from = optional(body, "next_batch");
        return events(session, deviceId, from, limit, true);
    }

    private byte[] events(
            Session session, String id, @Nullable String from, @Nullable Integer limit, boolean alwaysNext) {
        DehydratedDevice device = devices.apply(session.user())
                .filter(found -> found.device().equals(id))
                .orElseThrow(() -> new MatrixException(
                        MatrixError.forbidden("These are not the messages of your dehydrated device.")));
        long after = from == null ? 0 : number(from);
        int most = limit == null ? MOST_EVENTS : Math.clamp(limit, 1, MOST_EVENTS);
        InboxPage page = inboxes.messages(session.user(), device.device(), after, Long.MAX_VALUE, most);
        JsonWriter out = new JsonWriter(8_192);
        out.beginObject().name("events").beginArray();
        for (ToDeviceInboxes.InboxMessage message : page.messages()) {
            out.beginObject()
                    .field("sender", message.sender().value())
                    .field("type", message.type())
                    .field("content", message.content())
                    .endObject();
        }
        out.endArray();
        if (page.more() || alwaysNext) {
            long last = page.messages().isEmpty()
                    ? after
                    : page.messages().getLast().seq();
            out.field("next_batch", TOKEN_PREFIX + last);
        }
        return out.endObject().toBytes();
    }

    private static @Nullable String optional(JsonObject body, String name) {
        return body.has(name) && body.get(name) != JsonNull.NULL ? BackupJson.string(body, name) : null;
    }

    private static long number(String from) {
        try {
            if (from.startsWith(TOKEN_PREFIX)) {
                return Math.max(0, Long.parseLong(from.substring(TOKEN_PREFIX.length())));
            }
        } catch (NumberFormatException notANumber) {
            throw invalid();
        }
        throw invalid();
    }

    private static MatrixException invalid() {
        return new MatrixException(MatrixError.invalidParam("The token is not one of this server's."));
    }

    private DehydratedDevice existing(Session session) {
        return devices.apply(session.user())
                .orElseThrow(() -> new MatrixException(MatrixError.notFound("There is no dehydrated device.")));
    }
}
