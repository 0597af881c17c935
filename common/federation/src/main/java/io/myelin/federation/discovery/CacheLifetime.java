package io.myelin.federation.discovery;

import io.myelin.outbound.HttpAnswer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long an answer to {@code /.well-known} is cached: as long as its headers say, within bounds. */
final class CacheLifetime {
    private static final Pattern MAX_AGE = Pattern.compile("(?:^|[,\\s])max-age\\s*=\\s*\"?(\\d{1,10})");
    private static final Pattern NOT_AT_ALL = Pattern.compile("(?:^|[,\\s])no-(?:store|cache)(?:$|[,\\s=])");

    private CacheLifetime() {}

    static Duration of(HttpAnswer answer, Instant now) {
        Duration said = said(answer, now);
        if (said.compareTo(WellKnown.MIN_LIFETIME) < 0) {
            return WellKnown.MIN_LIFETIME;
        }
        return said.compareTo(WellKnown.MAX_LIFETIME) > 0 ? WellKnown.MAX_LIFETIME : said;
    }

    private static Duration said(HttpAnswer answer, Instant now) {
        String control = answer.header("cache-control").orElse("").toLowerCase(Locale.ROOT);
        if (NOT_AT_ALL.matcher(control).find()) {
            return Duration.ZERO;
        }
        Matcher maxAge = MAX_AGE.matcher(control);
        if (maxAge.find()) {
            return Duration.ofSeconds(Long.parseLong(maxAge.group(1)));
        }
        return answer.header("expires").map(date -> untilDate(date, now)).orElse(WellKnown.USUAL_LIFETIME);
    }

    private static Duration untilDate(String date, Instant now) {
        try {
            Instant end = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Duration.between(now, end);
        } catch (DateTimeException e) { // RFC 9111: an invalid date counts as past.
            return Duration.ZERO;
        }
    }
}
