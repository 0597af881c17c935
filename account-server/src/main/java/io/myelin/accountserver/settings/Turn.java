package io.myelin.accountserver.settings;

import io.myelin.settings.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Servers that relay voice and video. Client-server API, "Voice over IP". */
public record Turn(
        @Setting(
                value = "Addresses of TURN servers for calls. Clients get none if it is not set.",
                pattern = "(turns?|stuns?):[^,\\s]{1,250}(,\\s*(turns?|stuns?):[^,\\s]{1,250}){0,15}",
                form = "addresses with commas between: `turn:turn.example.org?transport=udp`",
                reloadable = true)
        @Nullable
        String uris,

        @Setting(
                value = "The secret that this server shares with them. From it follow users and passwords for a time.",
                secret = true,
                reloadable = true)
        @Nullable
        String sharedSecret,

        @Setting(value = "The user, where the servers have no shared secret.", reloadable = true) @Nullable
        String user,

        @Setting(value = "The user's password.", secret = true, reloadable = true) @Nullable
        String password,

        @Setting(value = "How long what clients get is valid.", min = 60_000, max = 604_800_000L, reloadable = true)
        @DefaultValue("1h")
        Duration lifetime,

        @Setting(value = "Whether guests get it too.", reloadable = true) @DefaultValue("true")
        boolean guests) {}
