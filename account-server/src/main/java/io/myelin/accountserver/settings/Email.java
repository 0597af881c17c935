package io.myelin.accountserver.settings;

import io.myelin.settings.Setting;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** How mail is sent. Client-server API, "Third-party identifiers". */
public record Email(
        @Setting("The SMTP server's host. No mail is sent, and no address can be confirmed, if it is not set.")
        @Nullable
        String host,

        @Setting(value = "Its port.", min = 1, max = 65_535) @DefaultValue("587")
        int port,

        @Setting(
                value = "How the connection is secured: `starttls` and `tls` refuse a server that does not prove its"
                        + " name.",
                oneOf = {"none", "starttls", "tls"})
        @DefaultValue("starttls")
        String security,

        @Setting("The user there; none if not set.") @Nullable
        String user,

        @Setting(value = "The user's password.", secret = true) @Nullable
        String password,

        @Setting(
                value = "The sender of mails. `noreply@` and the server's name if not set.",
                pattern = "[^\\s@<>]{1,64}@[^\\s@<>]{1,190}",
                form = "an address")
        @Nullable
        String from,

        @Setting(value = "How long the link in a mail is valid.", min = 60_000, max = 604_800_000L, reloadable = true)
        @DefaultValue("1h")
        Duration validity,

        @Setting("A directory with texts of your own for mails: `register.txt`, `password.txt`, `add.txt`, `added.txt`"
                + " and `removed.txt`. The first line is the subject; `{server}`, `{address}`, and `{link}` or in"
                + " the last two `{user}`, are filled in.")
        @Nullable
        Path templates,

        @Setting(value = "How long the SMTP server may take to connect to, and to answer.", min = 100, max = 120_000)
        @DefaultValue("10s")
        Duration timeout) {}
