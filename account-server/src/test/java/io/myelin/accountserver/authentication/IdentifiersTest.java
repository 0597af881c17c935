package io.myelin.accountserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {
    private final Identifiers identifiers = new Identifiers(ServerName.parse("example.org:8448"));

    @ParameterizedTest
    @ValueSource(strings = {"alice", "ALICE", "@alice:example.org:8448", "@Alice:example.org:8448"})
    void findsAUserWhateverTheCase(String name) {
        assertThat(identifiers.local(name)).contains(UserId.parse("@alice:example.org:8448"));
    }

    @Test
    void findsNobodyElsewhere() {
        assertThat(identifiers.local("@alice:elsewhere.org")).isEmpty();
        assertThat(identifiers.local("@alice")).isEmpty();
        assertThat(identifiers.local("@@alice:example.org:8448")).isEmpty();
    }
}
