package io.myelin.matrix.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JoinRuleTest {
    @ParameterizedTest
    @EnumSource
    void readsWhatItWrites(JoinRule rule) {
        assertThat(JoinRule.parse(rule.value())).contains(rule);
    }
}
