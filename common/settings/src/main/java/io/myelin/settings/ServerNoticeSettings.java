package io.myelin.settings;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** How administrators write to users. Client-server API, "Server Notices". */
public record ServerNoticeSettings(
        @Setting(
                value = "The localpart of the user who sends server notices, such as `notices`. Nobody can register"
                        + " the name. There are no server notices if it is not set.",
                pattern = "[a-z0-9._=/+-]{1,200}",
                form = "the part of a user ID before the colon")
        @Nullable
        String localpart,

        @Setting("That user's name for people.") @DefaultValue("Server notices")
        String displayName,

        @Setting(value = "That user's avatar.", pattern = "mxc://.{1,900}", form = "an `mxc:` address") @Nullable
        String avatarUrl,

        @Setting("The name of the rooms with server notices.") @DefaultValue("Server notices")
        String roomName,

        @Setting("Their topic.") @Nullable String roomTopic,

        @Setting(value = "Their avatar.", pattern = "mxc://.{1,900}", form = "an `mxc:` address") @Nullable
        String roomAvatarUrl,

        @Setting("Whether users join such a room at once instead of being invited.") @DefaultValue("false")
        boolean autoJoin) {}
