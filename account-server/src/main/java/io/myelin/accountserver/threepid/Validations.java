package io.myelin.accountserver.threepid;

import io.myelin.accountserver.mail.MailFailed;
import io.myelin.accountserver.mail.Mails;
import io.myelin.contracts.MatrixError;
import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.web.MatrixException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Confirms that somebody controls an email address: a mail has a link with a code, and whoever opens it has confirmed the
 * address for the client that asked. Client-server API, "Third-party identifiers".
 */
public final class Validations {
    /** The path of the links, below which come the purpose and {@code /confirm}. */
    public static final String PATH = "/_myelin/account/email/";

    private static final Pattern SECRET = Pattern.compile("[0-9a-zA-Z.=_-]{1,255}");
    private static final int MAX_LINK = 2_000;
    private static final int ID_BYTES = 18;

    private final ValidationStore store;
    private final Mails mails;
    private final String baseUrl;
    private final LongSupplier validityMillis;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param baseUrl the address of this server for clients
     * @param validityMillis how long a link is valid; asked for each
     * @param random a generator that is fit for secrets
     */
    public Validations(
            ValidationStore store,
            Mails mails,
            String baseUrl,
            LongSupplier validityMillis,
            InstantSource clock,
            RandomGenerator random) {
        this.store = store;
        this.mails = mails;
        this.baseUrl = baseUrl;
        this.validityMillis = validityMillis;
        this.clock = clock;
        this.random = random;
    }

    /** Whether mail can be sent here. */
    public boolean areOffered() {
        return mails.areSent();
    }

    /**
     * Sends the mail, unless it was sent for this attempt already.
     *
     * @param attempt the client's count; a greater one than before sends the mail again
     * @param beforeMail called if a mail is to be sent; may refuse it
     * @return the ID of the validation
     * @throws MatrixException if the mail cannot be sent
     */
    public String begin(
            Validation.Purpose purpose,
            ThirdPartyId of,
            String secret,
            long attempt,
            @Nullable String nextLink,
            Runnable beforeMail) {
        checkSecret(secret);
        checkLink(nextLink);
        String code = random(ID_BYTES);
        var wanted = new Validation(
                random(ID_BYTES),
                purpose,
                of,
                secret,
                hash(code),
                attempt,
                nextLink,
                clock.millis() + validityMillis.getAsLong(),
                null);
        ValidationStore.Begun begun = store.begin(wanted, clock.millis());
        if (begun.isNewAttempt()) {
            try {
                beforeMail.run();
                mails.send(
                        purpose.word(),
                        of.address(),
                        Map.of("link", link(purpose, begun.sid(), secret, code), "address", of.address()));
            } catch (MatrixException refused) {
                store.forgetAttempt(begun.sid());
                throw refused;
            } catch (MailFailed e) {
                store.forgetAttempt(begun.sid());
                throw new MatrixException(503, "M_UNKNOWN", "The mail cannot be sent now. Try again later.");
            }
        }
        return begun.sid();
    }

    private String link(Validation.Purpose purpose, String sid, String secret, String code) {
        return baseUrl + PATH + purpose.word() + "/confirm?sid=" + encode(sid) + "&client_secret=" + encode(secret)
                + "&token=" + encode(code);
    }

    /** The validation that a link belongs to; empty if there is none, or none with this code. */
    public Optional<Validation> find(Validation.Purpose purpose, String sid, String secret, String code) {
        byte[] hash = hash(code);
        return store.find(sid, clock.millis())
                .filter(known -> known.purpose() == purpose
                        && isSame(known.secret(), secret)
                        && MessageDigest.isEqual(known.code(), hash));
    }

    public void confirm(Validation validation) {
        store.confirm(validation.sid(), clock.millis());
    }

    /** The validation that a client refers to, if the address is confirmed for the purpose. */
    public Optional<Validation> confirmed(Validation.Purpose purpose, String sid, String secret) {
        return store.find(sid, clock.millis())
                .filter(known ->
                        known.purpose() == purpose && known.validatedAt() != null && isSame(known.secret(), secret));
    }

    /**
     * Uses up a confirmation.
     *
     * @return whether it was not used up before
     */
    public boolean useUp(Validation.Purpose purpose, String sid) {
        return store.deleteConfirmed(sid, purpose, clock.millis());
    }

    private static boolean isSame(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /** Client-server API, "requestToken": the grammar of the secret. */
    static void checkSecret(String secret) {
        if (!SECRET.matcher(secret).matches()) {
            throw new MatrixException(
                    MatrixError.invalidParam("'client_secret' has 1 to 255 characters of 0-9a-zA-Z.=_-."));
        }
    }

    static void checkLink(@Nullable String link) {
        if (link != null && !isOfTheWeb(link)) {
            throw new MatrixException(MatrixError.invalidParam("'next_link' is no address of the web."));
        }
    }

    private static boolean isOfTheWeb(String link) {
        if (link.length() > MAX_LINK || !(link.startsWith("https://") || link.startsWith("http://"))) {
            return false;
        }
        try {
            return new URI(link).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private String random(int bytes) {
        byte[] all = new byte[bytes];
        random.nextBytes(all);
        return UnpaddedBase64.encodeUrlSafe(all);
    }

    private static byte[] hash(String code) {
        return Sha256.hash(code.getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
