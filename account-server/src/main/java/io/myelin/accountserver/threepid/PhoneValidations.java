package io.myelin.accountserver.threepid;

import io.myelin.accountserver.threepid.PhoneDelegate.Confirmed;
import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Confirms that somebody controls a phone number, through an identity server that sends the text messages. Its sessions say
 * nothing of what the number is confirmed for, so the ID that a client gets does: {@code <ticket>.<purpose>.<the ID there>},
 * sealed by this server. Client-server API, "Third-party identifiers".
 */
public final class PhoneValidations {
    /** Where clients send the code. Its name is Synapse's, and clients get it as {@code submit_url}. */
    public static final String SUBMIT = "/_matrix/client/unstable/add_threepid/msisdn/submit_token";

    private static final Pattern SID = Pattern.compile("[0-9a-zA-Z.=_-]{1,160}");

    /** Issues and checks the seals. */
    public interface Seals {
        String issue(String of);

        boolean accepts(String of, String seal);
    }

    private final @Nullable PhoneDelegate delegate;
    private final Seals seals;
    private final Predicate<String> spends;
    private final String baseUrl;

    /**
     * @param delegate null if no phone number can be confirmed
     * @param spends uses up a seal; tells whether it was not used before
     * @param baseUrl the address of this server for clients
     */
    public PhoneValidations(@Nullable PhoneDelegate delegate, Seals seals, Predicate<String> spends, String baseUrl) {
        this.delegate = delegate;
        this.seals = seals;
        this.spends = spends;
        this.baseUrl = baseUrl;
    }

    public boolean areOffered() {
        return delegate != null;
    }

    /**
     * Has the text message sent.
     *
     * @return {@code sid} and {@code submit_url}
     * @throws MatrixException if no text message can be sent
     */
    public JsonObject begin(
            Validation.Purpose purpose, PhoneNumber number, String secret, long attempt, @Nullable String nextLink) {
        Validations.checkSecret(secret);
        Validations.checkLink(nextLink);
        String theirs = delegate()
                .requestToken(JsonObject.builder()
                        .put("country", number.country())
                        .put("phone_number", "+" + number.msisdn().address())
                        .put("client_secret", theirSecret(purpose.word(), secret))
                        .put("send_attempt", attempt)
                        .putIfPresent("next_link", nextLink)
                        .build());
        if (!SID.matcher(theirs).matches()) {
            throw new MatrixException(502, "M_UNKNOWN", "The service that sends text messages answered nonsense.");
        }
        String of = purpose.word() + "." + theirs;
        return JsonObject.builder()
                .put("sid", seals.issue(of) + "." + of)
                .put("submit_url", baseUrl + SUBMIT)
                .build();
    }

    /**
     * The secret that the service is told in place of the client's. It has one session for a number and a secret, so a number that
     * was confirmed for one purpose would be for every other.
     */
    private static String theirSecret(String purpose, String secret) {
        return UnpaddedBase64.encodeUrlSafe(Sha256.hash((purpose + '\0' + secret).getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether the code is right that the text message had. */
    public boolean submit(String sid, String secret, String token) {
        Validations.checkSecret(secret);
        PhoneDelegate service = delegate();
        return parse(sid)
                .filter(known -> service.submitToken(known.theirs(), theirSecret(known.purpose(), secret), token))
                .isPresent();
    }

    /** The number that is confirmed for the purpose. */
    public Optional<Confirmed> confirmed(Validation.Purpose purpose, String sid, String secret) {
        Validations.checkSecret(secret);
        PhoneDelegate service = delegate;
        return service == null
                ? Optional.empty()
                : parse(sid)
                        .filter(known -> known.purpose().equals(purpose.word()))
                        .flatMap(known -> service.confirmed(known.theirs(), theirSecret(known.purpose(), secret)));
    }

    /**
     * Uses up a confirmation.
     *
     * @return whether it was not used up before
     */
    public boolean useUp(Validation.Purpose purpose, String sid) {
        return parse(sid)
                .filter(known -> known.purpose().equals(purpose.word()) && spends.test(known.seal()))
                .isPresent();
    }

    private record Known(String seal, String purpose, String theirs) {}

    /** The parts of an ID that this server has made: a seal has three parts itself. */
    private Optional<Known> parse(String sid) {
        String[] parts = sid.split("\\.", 5);
        if (parts.length != 5) {
            return Optional.empty();
        }
        var known = new Known(parts[0] + "." + parts[1] + "." + parts[2], parts[3], parts[4]);
        try {
            return seals.accepts(known.purpose() + "." + known.theirs(), known.seal())
                    ? Optional.of(known)
                    : Optional.empty();
        } catch (NumberFormatException noSeal) {
            return Optional.empty();
        }
    }

    private PhoneDelegate delegate() {
        if (delegate == null) {
            throw new MatrixException(
                    400, "M_THREEPID_MEDIUM_NOT_SUPPORTED", "This server cannot confirm phone numbers.");
        }
        return delegate;
    }
}
