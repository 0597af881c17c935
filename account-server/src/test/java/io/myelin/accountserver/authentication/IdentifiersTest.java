package io.myelin.accountserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.RequestFields;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org:8448");

    private final Identifiers identifiers = new Identifiers(
            ServerName.parse("example.org:8448"),
            id -> id.equals(ThirdPartyId.email("alice@example.org")) ? Optional.of(ALICE) : Optional.empty());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"identifier\":{\"type\":\"m.id.thirdparty\",\"medium\":\"email\",\"address\":\"Alice@Example.org\"}}",
                "{\"medium\":\"email\",\"address\":\"alice@example.org\"}"
            })
    void findsAUserByTheirAddress(String fields) {
        assertThat(identifiers.user(RequestFields.of(JsonParser.parseObject(fields.getBytes(StandardCharsets.UTF_8)))))
                .contains(ALICE);
    }

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
