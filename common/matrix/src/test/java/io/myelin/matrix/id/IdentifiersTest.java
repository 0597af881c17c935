package io.myelin.matrix.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {
    private static final String HASH = "Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg";
    private static final String SHORT_OF_HASH = "qnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg";

    @Nested
    class ServerNames {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "matrix.org",
                    "matrix.org:8888",
                    "1.2.3.4",
                    "1.2.3.4:1234",
                    "[1234:5678::abcd]",
                    "[1234:5678::ABCD]:5678",
                    "localhost",
                    "a-b.c"
                })
        void acceptsExamplesOfTheSpecification(String name) {
            assertThat(ServerName.parse(name)).hasToString(name);
            assertThat(ServerName.tryParse(name)).contains(new ServerName(name));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    ":8448",
                    "a b",
                    "a_b",
                    "münchen.de",
                    "host:",
                    "host:123456",
                    "host:12a",
                    "host:1:2",
                    "[::1",
                    "[:]",
                    "[::g]",
                    "[::1]8448",
                    "[]",
                    "host/path",
                    "[::\uFF11]"
                })
        void rejectsWhatTheGrammarDoesNotHave(String name) {
            assertThat(ServerName.tryParse(name)).isEmpty();
            assertThatThrownBy(() -> ServerName.parse(name))
                    .isInstanceOf(InvalidIdentifier.class)
                    .hasMessageContaining("is not a valid server name: it must");
        }

        @Test
        void tellsHostFromPort() {
            assertThat(ServerName.parse("[::1]:8448").host()).isEqualTo("[::1]");
            assertThat(ServerName.parse("[::1]:8448").port()).hasValue(8448);
            assertThat(ServerName.parse("example.org").host()).isEqualTo("example.org");
            assertThat(ServerName.parse("example.org").port()).isEmpty();
        }

        @Test
        void areCaseSensitive() {
            assertThat(ServerName.parse("Example.org")).isNotEqualTo(ServerName.parse("example.org"));
        }
    }

    @Nested
    class UserIds {
        @Test
        void splitsAtTheFirstColon() {
            UserId user = UserId.parse("@alice:example.org:8448");
            assertThat(user.localpart()).isEqualTo("alice");
            assertThat(user.serverName()).isEqualTo(new ServerName("example.org:8448"));
            assertThat(user.isOn(new ServerName("example.org:8448"))).isTrue();
            assertThat(user.isOn(new ServerName("example.org"))).isFalse();
            assertThat(user.isOn(new ServerName("xexample.org:8448"))).isFalse();
            // A state key of a member event need not be a user ID.
            assertThat(new UserId("example.org").isOn(new ServerName("example.org")))
                    .isFalse();
            assertThat(new UserId("a:example.org").isOn(new ServerName("example.org")))
                    .isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"@:example.org", "@Alice Müller:example.org", "@\u0001:example.org", "@😀:example.org"})
        void acceptsHistoricalOnes(String user) {
            assertThat(UserId.parse(user)).hasToString(user);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", "@", "alice:example.org", "@alice", "@alice:", "@alice:a b", "@a\u0000b:example.org"})
        void rejectsWhatIsNone(String user) {
            assertThat(UserId.tryParse(user)).isEmpty();
            assertThatThrownBy(() -> UserId.parse(user)).isInstanceOf(InvalidIdentifier.class);
        }

        @Test
        void rejectsLoneSurrogates() {
            assertThat(UserId.tryParse("@a\uD83D:example.org")).isEmpty();
            assertThat(UserId.tryParse("@\uDE00:example.org")).isEmpty();
        }

        @Test
        void endAt255Bytes() {
            String longest = "@" + "a".repeat(242) + ":example.org";
            assertThat(longest).hasSize(255);
            assertThat(UserId.tryParse(longest)).isPresent();
            assertThat(UserId.tryParse("@a" + longest.substring(1))).isEmpty();
            assertThat(UserId.tryParse("@" + "ü".repeat(121) + ":example.org")).isPresent();
            assertThat(UserId.tryParse("@" + "ü".repeat(122) + ":example.org")).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"alice", "a.b_c=d-e/f+g", "0"})
        void letsNewUsersRegisterWithAllowedCharacters(String localpart) {
            assertThat(UserId.isValidLocalpart(localpart)).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "Alice", "al ice", "alice!", "ä", "a:b", "a*"})
        void keepsNewUsersFromOtherCharacters(String localpart) {
            assertThat(UserId.isValidLocalpart(localpart)).isFalse();
        }
    }

    @Nested
    class RoomIds {
        @Test
        void haveServerUpToVersion11() {
            RoomId room = RoomId.parse("!abc:example.org");
            assertThat(room.serverName()).contains(new ServerName("example.org"));
            assertThat(room.createEvent()).isEmpty();
        }

        @Test
        void areTheCreateEventsHashFromVersion12On() {
            RoomId room = RoomId.parse("!" + HASH);
            assertThat(room.serverName()).isEmpty();
            assertThat(room.createEvent()).contains(EventId.parse("$" + HASH));
            assertThat(RoomId.ofCreateEvent(EventId.parse("$" + HASH))).isEqualTo(room);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "!", "!abc", "#abc:example.org", "!abc:", "!" + HASH + "a", "!+" + SHORT_OF_HASH})
        void rejectsWhatIsNone(String room) {
            assertThat(RoomId.tryParse(room)).isEmpty();
            assertThatThrownBy(() -> RoomId.parse(room)).isInstanceOf(InvalidIdentifier.class);
        }
    }

    @Test
    void roomAliasHasLocalpartAndServer() {
        RoomAlias alias = RoomAlias.parse("#Grüße:example.org");
        assertThat(alias.localpart()).isEqualTo("Grüße");
        assertThat(alias.serverName()).isEqualTo(new ServerName("example.org"));
        assertThat(RoomAlias.tryParse("#:example.org")).isEmpty();
        assertThat(RoomAlias.tryParse("#abc")).isEmpty();
        assertThat(RoomAlias.tryParse("!abc:example.org")).isEmpty();
    }

    @Test
    void eventIdIsOpaque() {
        assertThat(EventId.tryParse("$" + HASH)).isPresent();
        assertThat(EventId.tryParse("$old:example.org")).isPresent();
        assertThat(EventId.tryParse("$")).isEmpty();
        assertThat(EventId.tryParse("abc")).isEmpty();
        assertThat(EventId.tryParse("$" + "a".repeat(255))).isEmpty();
    }

    @Test
    void eventIdOfTheFirstVersionsHasAServer() {
        assertThat(EventId.parse("$old:example.org:8448").serverName()).contains(new ServerName("example.org:8448"));
        assertThat(EventId.parse("$old:no server").serverName()).isEmpty();
        assertThat(EventId.parse("$" + HASH).serverName()).isEmpty();
    }

    @Test
    void chosenEventIdIsOfItsServerAndOfItsHash() {
        var server = new ServerName("example.org");
        EventId id = EventId.chosenBy(server, new byte[32]);
        assertThat(EventId.tryParse(id.value())).contains(id);
        assertThat(id.serverName()).contains(server);
        assertThat(id.value()).hasSize(1 + 32 + 1 + server.value().length());
        byte[] other = new byte[32];
        other[0] = 1;
        assertThat(EventId.chosenBy(server, other)).isNotEqualTo(id);
    }

    @Test
    void eventIdIsTheHashInTheAlphabetOfItsVersion() {
        byte[] hash = new byte[32];
        Arrays.fill(hash, (byte) 0xFB);
        String inVersion3 = "$" + "+/v7".repeat(10) + "+/s";
        assertThat(EventId.ofReferenceHashInVersion3(hash)).hasToString(inVersion3);
        assertThat(EventId.ofReferenceHash(hash))
                .hasToString(inVersion3.replace('+', '-').replace('/', '_'));
        assertThat(EventId.tryParse(inVersion3)).isPresent();
    }

    @Test
    void messageShowsLongTextShortened() {
        assertThatThrownBy(() -> UserId.parse("x".repeat(10_000)))
                .hasMessageContaining("…")
                .message()
                .hasSizeLessThan(200);
    }
}
