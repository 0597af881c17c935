package io.myelin.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageAuthorisationTest {

    @ParameterizedTest
    @ValueSource(strings = {"11", "12"})
    void allowsTheMessagesOfMembers(String version) {
        var kernel = new MessageAuthorisation();
        kernel.version = version;
        kernel.prepare();
        assertThat(kernel.check().isAllowed()).isTrue();
        assertThat(kernel.check().isAllowed()).isTrue();
    }
}
