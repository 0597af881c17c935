package io.myelin.matrix.auth;

import io.myelin.matrix.room.RoomVersion;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on the outcomes of the rules. */
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

    /** @param rule the rule's number in the specification of the event's own version */
    AuthResultAssert isRejectedBy(String rule) {
        if (!(actual instanceof AuthResult.Rejected(String number, String reason))) {
            throw failure("Expected the event to be rejected by rule %s, but it was allowed.", rule);
        }
        if (!number.equals(rule) || !reason.endsWith(".")) {
            failWithMessage("Expected the event to be rejected by rule %s, but it was %s.", rule, actual);
        }
        return this;
    }

    /** @param rule the rule's number in version 12, or that of {@link RuleNumber} for a rule that version 12 lacks */
    AuthResultAssert isRejectedBy(String rule, RoomVersion version) {
        return isRejectedBy(RuleNumber.in(version, rule));
    }
}
