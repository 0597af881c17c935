package io.myelin.clientroomsend.config;

import io.myelin.settings.Rate;
import io.myelin.settings.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The settings of client-room-send. */
@ConfigurationProperties("myelin")
public record ClientRoomSendSettings(
        @DefaultValue Rooms rooms,
        @DefaultValue RateLimits rateLimits,
        @DefaultValue PolicyServers policyServers) {

    /** How rooms' policy servers are asked. */
    public record PolicyServers(
            @Setting(
                    value = "Networks that policy servers may be in though they are not public, such as `10.0.0.0/8`. "
                            + "Otherwise this server asks policy servers at public addresses only.",
                    pattern = "[0-9A-Fa-f.:]+/[0-9]{1,3}(,\\s*[0-9A-Fa-f.:]+/[0-9]{1,3})*",
                    form = "networks with commas between: `10.0.0.0/8, fd00::/8`")
            @Nullable
            String allowedNetworks,

            @Setting("Whether policy servers must show a certificate of their name that is trusted. "
                    + "`false` is for networks where something else sees to that.")
            @DefaultValue("true")
            boolean verifyCertificates,

            @Setting(
                    value = "How long a policy server may take to connect to, and then to answer. "
                            + "What is sent to its room waits for that.",
                    min = 100,
                    max = 60_000)
            @DefaultValue("15s")
            Duration timeout) {}

    /** The defaults of new rooms. */
    public record Rooms(
            @Setting(
                    value = "The preset of new rooms whose creator names none and does not ask for a listed room.",
                    oneOf = {"private_chat", "trusted_private_chat", "public_chat"},
                    reloadable = true)
            @DefaultValue("private_chat")
            String defaultPreset) {}

    /** How often what may be done. */
    public record RateLimits(
            @Setting(
                    value = "Events that a user sends: messages, state, redactions, knocks and what moderators do.",
                    pattern = Rate.PATTERN,
                    form = Rate.FORM,
                    reloadable = true)
            @DefaultValue("10 at once, 12 per minute")
            String messages,

            @Setting(value = "Joins of a user.", pattern = Rate.PATTERN, form = Rate.FORM, reloadable = true)
            @DefaultValue("10 at once, 6 per minute")
            String joins,

            @Setting(
                    value = "Joins into one room, of all users together.",
                    pattern = Rate.PATTERN,
                    form = Rate.FORM,
                    reloadable = true)
            @DefaultValue("10 at once, 1 per second")
            String joinsPerRoom,

            @Setting(
                    value = "Invitations into one room, of all users together.",
                    pattern = Rate.PATTERN,
                    form = Rate.FORM,
                    reloadable = true)
            @DefaultValue("10 at once, 18 per minute")
            String invitesPerRoom,

            @Setting(
                    value = "Invitations that one user gets.",
                    pattern = Rate.PATTERN,
                    form = Rate.FORM,
                    reloadable = true)
            @DefaultValue("5 at once, 11 per hour")
            String invitesPerUser,

            @Setting(
                    value = "Invitations that one user sends.",
                    pattern = Rate.PATTERN,
                    form = Rate.FORM,
                    reloadable = true)
            @DefaultValue("10 at once, 18 per minute")
            String invitesPerIssuer,

            @Setting(value = "Rooms that a user creates.", pattern = Rate.PATTERN, form = Rate.FORM, reloadable = true)
            @DefaultValue("10 at once, 58 per hour")
            String roomCreation,

            @Setting(
                    value = "Receipts and typing notifications that a user sends.",
                    pattern = Rate.PATTERN,
                    form = Rate.FORM,
                    reloadable = true)
            @DefaultValue("100 at once, 10 per second")
            String signals,

            @Setting(
                    value = "Changes of their presence that a user makes.",
                    pattern = Rate.PATTERN,
                    form = Rate.FORM,
                    reloadable = true)
            @DefaultValue("10 at once, 6 per minute")
            String presence,

            @Setting(
                    value = "Requests about delayed events, by one user or about one event.",
                    pattern = Rate.PATTERN,
                    form = Rate.FORM,
                    reloadable = true)
            @DefaultValue("5 at once, 1 per second")
            String delayedEvents,

            @Setting(value = "Reports that a user makes.", pattern = Rate.PATTERN, form = Rate.FORM, reloadable = true)
            @DefaultValue("5 at once, 1 per second")
            String reports) {}
}
