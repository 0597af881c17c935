package io.myelin.accountserver.settings;

import io.myelin.settings.Setting;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Messages of the operator to users. Client-server API, "Server Notices". */
public record Notices(
        @Setting(
                value = "The localpart of the user who sends them. Administrators cannot send any if it is not set.",
                pattern = "[a-z0-9._=/+-]{1,100}",
                form = "a-z, 0-9, `.`, `_`, `=`, `-`, `/` and `+`")
        @Nullable
        String user,

        @Setting(value = "The user's display name.", pattern = ".{1,100}", form = "up to 100 characters")
        @DefaultValue("Server Notices")
        String displayName,

        @Setting(value = "The name of the room of each user.", pattern = ".{1,100}", form = "up to 100 characters")
        @DefaultValue("Server Notices")
        String roomName) {}
