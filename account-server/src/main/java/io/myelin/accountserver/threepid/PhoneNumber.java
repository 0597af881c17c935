package io.myelin.accountserver.threepid;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import io.myelin.web.MatrixException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A phone number as a client sends it: as people of its country write it, or in international form.
 *
 * @param country two capital letters, such as {@code GB}
 * @param msisdn the number in international form (E.164 without the plus), the same however it is spelled
 */
public record PhoneNumber(String country, ThirdPartyId msisdn) {
    private static final Pattern COUNTRY = Pattern.compile("[A-Za-z]{2}");
    private static final Pattern NUMBER = Pattern.compile("[0-9+() ./-]{3,40}");

    /** @throws MatrixException 400 if it is no number of the country */
    public static PhoneNumber of(String country, String text) {
        if (!COUNTRY.matcher(country).matches()) {
            throw invalid("'country' has two letters, such as GB.");
        }
        if (!NUMBER.matcher(text).matches()) {
            throw invalid("'phone_number' is no phone number.");
        }
        PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
        String region = country.toUpperCase(Locale.ROOT);
        try {
            String full = numbers.format(numbers.parse(text, region), PhoneNumberFormat.E164);
            return new PhoneNumber(region, ThirdPartyId.of(ThirdPartyId.MSISDN, full.substring(1)));
        } catch (NumberParseException e) {
            throw invalid("'phone_number' is no phone number of this country: " + e.getMessage());
        }
    }

    private static MatrixException invalid(String why) {
        return new MatrixException(400, "M_INVALID_PARAM", why);
    }
}
