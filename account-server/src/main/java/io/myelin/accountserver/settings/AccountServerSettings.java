package io.myelin.accountserver.settings;

import io.myelin.settings.Rate;
import io.myelin.settings.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** The settings of account-server. */
@ConfigurationProperties("myelin")
public record AccountServerSettings(
        @DefaultValue Registration registration,
        @DefaultValue Passwords passwords,
        @DefaultValue Accounts accounts,
        @DefaultValue Limits limits,
        @DefaultValue RateLimits rateLimits,
        @DefaultValue Sessions sessions,
        @DefaultValue Terms terms,
        @DefaultValue Email email,
        @DefaultValue Msisdn msisdn,
        @DefaultValue Recaptcha recaptcha,
        @DefaultValue Cas cas,
        @DefaultValue Turn turn,
        @DefaultValue Outgoing outgoing) {

    /** Who may register. */
    public record Registration(
            @Setting(value = "Whether everybody who reaches the client port may register.", reloadable = true)
            @DefaultValue("true")
            boolean enabled,

            @Setting(
                    value = "The secret with which scripts may register users, administrators too, though registration "
                            + "is closed. None if not set. It is no registration token.",
                    secret = true,
                    reloadable = true)
            @Nullable
            String sharedSecret,

            @Setting(
                    value = "Registration tokens: whoever has one may register an ordinary user though registration is "
                            + "closed. None if not set.",
                    pattern = "[A-Za-z0-9._~-]{1,64}(,\\s*[A-Za-z0-9._~-]{1,64})*",
                    form = "tokens of A-Z, a-z, 0-9, `.`, `_`, `~` and `-` with commas between",
                    secret = true,
                    reloadable = true)
            @Nullable
            String tokens,

            @Setting(
                    value = "Users a minute that one address may register; 0 is no limit. "
                            + "This machine itself is not limited.",
                    min = 0,
                    max = 1_000_000,
                    reloadable = true)
            @DefaultValue("10")
            int perMinute,

            @Setting(
                    value = "Whether everybody who registers needs a registration token, though registration is open.",
                    reloadable = true)
            @DefaultValue("false")
            boolean requiresToken,

            @Setting(value = "Whether everybody who registers has to confirm an email address.", reloadable = true)
            @DefaultValue("false")
            boolean requiresEmail,

            @Setting(value = "Whether everybody who registers has to solve a recaptcha.", reloadable = true)
            @DefaultValue("false")
            boolean requiresCaptcha,

            @Setting(
                    value = "Whether everybody may become a guest, who can look into rooms that allow it.",
                    reloadable = true)
            @DefaultValue("false")
            boolean guests) {
        /** The registration tokens, one by one. */
        public List<String> eachToken() {
            return tokens == null ? List.of() : List.of(tokens.strip().split("\\s*,\\s*", -1));
        }
    }

    /** What a password is like, and how expensive it is to guess one (Argon2id). */
    public record Passwords(
            @Setting(value = "How many characters a new password has at least.", min = 1, max = 128, reloadable = true)
            @DefaultValue("8")
            int minLength,

            @Setting(
                    value = "Passwords a minute that one address may have checked, of whichever accounts; 0 is no"
                            + " limit. This machine itself is not limited.",
                    min = 0,
                    max = 1_000_000,
                    reloadable = true)
            @DefaultValue("300")
            int perMinute,

            @Setting(value = "Memory, in KiB.", min = 8, max = 1 << 20) @DefaultValue("19456")
            int memoryKib,

            @Setting(value = "Passes over the memory.", min = 1, max = 100) @DefaultValue("2")
            int iterations,

            @Setting(value = "Lanes.", min = 1, max = 64) @DefaultValue("1")
            int parallelism) {}

    /** How much each user may keep. */
    public record Accounts(
            @Setting(
                    value = "The size of one item of a user's account data, and of a room's tags together.",
                    min = 16 << 10,
                    max = 512 << 10,
                    reloadable = true)
            @DefaultValue("256KB")
            DataSize dataItemSize,

            @Setting(
                    value = "The size of all account data of one user together.",
                    min = 1 << 20,
                    max = 1 << 30,
                    reloadable = true)
            @DefaultValue("10MB")
            DataSize dataSize,

            @Setting(
                    value = "How many items of account data a user may have, global ones and of rooms; "
                            + "those that were deleted count too.",
                    min = 100,
                    max = 1_000_000,
                    reloadable = true)
            @DefaultValue("10000")
            int dataItems,

            @Setting(value = "How many tags a user may give one room.", min = 1, max = 10_000, reloadable = true)
            @DefaultValue("100")
            int tags,

            @Setting(
                    value = "How many different filters a user may keep on the server.",
                    min = 1,
                    max = 100_000,
                    reloadable = true)
            @DefaultValue("500")
            int filters,

            @Setting(
                    value = "How many devices of one user may be logged in; "
                            + "a further one logs out the one that logged in longest ago.",
                    min = 1,
                    max = 10_000,
                    reloadable = true)
            @DefaultValue("500")
            int devices) {}

    /** How often what may be done. */
    public record RateLimits(
            @Setting(
                    value = "Logins from one address. This machine itself is not limited.",
                    pattern = Rate.PATTERN,
                    form = Rate.FORM,
                    reloadable = true)
            @DefaultValue("5 at once, 11 per hour")
            String loginPerAddress,

            @Setting(
                    value = "Logins of one user, each counted once the user has proven who they are.",
                    pattern = Rate.PATTERN,
                    form = Rate.FORM,
                    reloadable = true)
            @DefaultValue("5 at once, 11 per hour")
            String loginPerAccount,

            @Setting(
                    value = "Requests for room keys (`m.room_key_request`) that one device sends to other users. "
                            + "Those above are dropped without an error.",
                    pattern = Rate.PATTERN,
                    form = Rate.FORM,
                    reloadable = true)
            @DefaultValue("100 at once, 20 per second")
            String roomKeyRequests,

            @Setting(
                    value = "Messages to devices (`/sendToDevice`) of one user, each recipient counted. A request with "
                            + "more than may be sent at once is taken, and those after it wait the longer.",
                    pattern = Rate.PATTERN,
                    form = Rate.FORM,
                    reloadable = true)
            @DefaultValue("20000 at once, 500 per second")
            String toDeviceMessages,

            @Setting(
                    value = "Looks at, and changes of, places where two devices meet (login by QR code), from one "
                            + "address. This machine itself is not limited.",
                    pattern = Rate.PATTERN,
                    form = Rate.FORM,
                    reloadable = true)
            @DefaultValue("300 at once, 10 per second")
            String rendezvous) {}

    /** How many attempts a client may make. */
    public record Limits(
            @Setting(
                    value = "Attempts a minute to log in to one account from one address; nobody can use up another's. "
                            + "Also wrong registration tokens and secrets. 0 is no limit.",
                    min = 0,
                    max = 1_000_000,
                    reloadable = true)
            @DefaultValue("30")
            int loginsPerMinute,

            @Setting(
                    value = "Changes of their profile that one user may make in a minute. Each goes to every room that "
                            + "the user is in. 0 is no limit.",
                    min = 0,
                    max = 1_000_000,
                    reloadable = true)
            @DefaultValue("60")
            int profileChangesPerMinute,

            @Setting(
                    value = "Requests about keys of end-to-end encryption that one user may make in a minute: uploads, "
                            + "queries, claims and signatures. As many key backups and dehydrated devices may be "
                            + "made. 0 is no limit.",
                    min = 0,
                    max = 1_000_000,
                    reloadable = true)
            @DefaultValue("600")
            int keyRequestsPerMinute,

            @Setting(
                    value = "Sessions of user-interactive authentication that one address may begin in a minute. "
                            + "0 is no limit. This machine itself is not limited.",
                    min = 0,
                    max = 1_000_000,
                    reloadable = true)
            @DefaultValue("60")
            int authenticationsPerMinute,

            @Setting(
                    value = "Mails a minute that one address may cause, and that are sent to one address: "
                            + "as many at once, then twice as many an hour. "
                            + "0 is no limit.",
                    min = 0,
                    max = 1_000_000,
                    reloadable = true)
            @DefaultValue("5")
            int mailsPerMinute) {}
}
