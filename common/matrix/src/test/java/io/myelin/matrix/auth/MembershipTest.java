package io.myelin.matrix.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MembershipTest {
    @ParameterizedTest
    @EnumSource
    void readsWhatItWrites(Membership membership) {
        assertThat(Membership.parse(membership.value())).contains(membership);
    }
}
