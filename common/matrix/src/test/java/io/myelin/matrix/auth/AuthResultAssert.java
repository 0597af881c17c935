package io.myelin.matrix.auth;

import io.myelin.matrix.room.RoomVersion;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Outcomes of the rules, as assertions. */
final class AuthResultAssert extends AbstractAssert<AuthResultAssert, AuthResult> {
    private AuthResultAssert(AuthResult actual) {
        super(actual, AuthResultAssert.class);
    }

    static AuthResultAssert assertThat(@Nullable AuthResult actual) {
        if (actual == null) {
            throw new AssertionError("There is no result.");
        }
        return new AuthResultAssert(actual);
    }

    AuthResultAssert isAllowed() {
        if (!actual.isAllowed()) {
            failWithMessage("Expected the event to be allowed, but it was %s.", actual);
        }
        return this;
    }

    /** @param rule as the specification of this very version numbers it */
    AuthResultAssert isRejectedBy(String rule) {
        if (!(actual instanceof AuthResult.Rejected(String number, String reason))) {
            throw failure("Expected the event to be rejected by rule %s, but it was allowed.", rule);
        }
        if (!number.equals(rule) || !reason.endsWith(".")) {
            failWithMessage("Expected the event to be rejected by rule %s, but it was %s.", rule, actual);
        }
        return this;
    }

    /** @param rule as version 12 numbers it, or {@link RuleNumber} one that it lacks */
    AuthResultAssert isRejectedBy(String rule, RoomVersion version) {
        return isRejectedBy(RuleNumber.in(version, rule));
    }
}
