package io.myelin.accountserver.threepid;

import io.myelin.contracts.MatrixError;
import io.myelin.web.MatrixException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An address outside Matrix. Appendices, "3PID Types".
 *
 * @param medium {@code email} or {@code msisdn}
 * @param address in the form in which it is compared
 */
public record ThirdPartyId(String medium, String address) {
    public static final String EMAIL = "email";
    public static final String MSISDN = "msisdn";

    private static final Pattern MAIL =
            Pattern.compile("[^\\s@<>(),;:\\\\\"\\[\\]\\x00-\\x1f]{1,64}@[^\\s@<>(),;:\\\\\"\\[\\]\\x00-\\x1f]{1,190}");
    private static final Pattern PHONE = Pattern.compile("[0-9]{4,15}");

    /**
     * An email address; its case is ignored.
     *
     * @throws MatrixException if it is none
     */
    public static ThirdPartyId email(String text) {
        String address = text.strip().toLowerCase(Locale.ROOT);
        if (!MAIL.matcher(address).matches()) {
            throw new MatrixException(MatrixError.invalidParam("That is no email address."));
        }
        return new ThirdPartyId(EMAIL, address);
    }

    /** @throws MatrixException if the medium is not known, or the address has not its form */
    public static ThirdPartyId of(String medium, String address) {
        return switch (medium) {
            case EMAIL -> email(address);
            case MSISDN -> {
                if (!PHONE.matcher(address).matches()) {
                    throw new MatrixException(MatrixError.invalidParam("A phone number has 4 to 15 digits."));
                }
                yield new ThirdPartyId(MSISDN, address);
            }
            default ->
                throw new MatrixException(400, "M_THREEPID_MEDIUM_NOT_SUPPORTED", "There is no such medium here.");
        };
    }
}
