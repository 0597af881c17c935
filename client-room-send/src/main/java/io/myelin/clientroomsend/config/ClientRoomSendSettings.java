package io.myelin.clientroomsend.config;

import io.myelin.settings.Setting;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The settings of client-room-send. */
@ConfigurationProperties("myelin")
public record ClientRoomSendSettings(
        @DefaultValue Rooms rooms, @DefaultValue Limits limits) {

    /** The defaults of new rooms. */
    public record Rooms(
            @Setting(
                    value = "The preset of new rooms whose creator names none and does not ask for a listed room.",
                    oneOf = {"private_chat", "trusted_private_chat", "public_chat"},
                    reloadable = true)
            @DefaultValue("private_chat")
            String defaultPreset) {}

    /** How much one user may send. */
    public record Limits(
            @Setting(
                    value = "Events a second that one user may send for long. 0 lets them send as they please.",
                    min = 0,
                    max = 1_000_000,
                    reloadable = true)
            @DefaultValue("0")
            int eventsPerSecond,

            @Setting(
                    value = "Receipts, typing notifications and presence changes a second that one user may send "
                            + "for long. 0 is no limit.",
                    min = 0,
                    max = 1_000_000,
                    reloadable = true)
            @DefaultValue("0")
            int signalsPerSecond) {}
}
