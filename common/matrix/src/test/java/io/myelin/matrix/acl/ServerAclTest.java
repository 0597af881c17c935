package io.myelin.matrix.acl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAclTest {
    @Test
    void allowsWhatItNames() {
        assertThat(allows("{'allow':['one.example','two.example']}", "two.example"))
                .isTrue();
    }

    @Test
    void allowsNobodyElse() {
        assertThat(allows("{'allow':['one.example']}", "two.example")).isFalse();
        assertThat(allows("{'allow':['one.example']}", "sub.one.example")).isFalse();
        assertThat(allows("{'allow':['one.example']}", "one.example.org")).isFalse();
    }

    @Test
    void deniesWhatItBothAllowsAndDenies() {
        String content = "{'allow':['*','evil.example'],'deny':['evil.example']}";
        assertThat(allows(content, "evil.example")).isFalse();
        assertThat(allows(content, "good.example")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example:8448", "evil.example:1", "EVIL.example", "Evil.Example:443"})
    void mindsNeitherPortNorCase(String server) {
        assertThat(allows("{'allow':['*'],'deny':['eViL.example']}", server)).isFalse();
        assertThat(allows("{'allow':['eViL.example']}", server)).isTrue();
    }

    @Test
    void matchesNoPatternWithPort() {
        assertThat(allows("{'allow':['one.example:8448']}", "one.example:8448")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "*, one.example, true",
        "**, one.example, true",
        "*.example, one.example, true",
        "*.example, .example, true",
        "*.example, example, false",
        "*.EXAMPLE, a.b.example, true",
        "one.*, one.example, true",
        "one.*, one, false",
        "*one*, one, true",
        "o*e.e*e, one.example, true",
        "o*e.e*f, one.example, false",
        "*a*b, aab, true",
        "*a*b, aba, false",
        "*ab, aab, true",
        "one.exampl?, one.example, true",
        "?ne.example, one.example, true",
        "one.example?, one.example, false",
        "?one.example, one.example, false",
        "?*?, a, false",
        "?*?, ab, true",
        "one?example, oneexample, false",
        "one.example, oneXexample, false",
        "[o]ne.example, one.example, false",
        "'', one.example, false"
    })
    void matchesGlobs(String glob, String server, boolean expected) {
        assertThat(allows("{'allow':['" + glob + "']}", server)).isEqualTo(expected);
    }

    @Test
    void answersAtOnceWhateverThePattern() {
        String glob = "*a".repeat(2_000) + "b";
        assertThat(allows("{'allow':['" + glob + "']}", "a".repeat(255))).isFalse();
    }

    @Nested
    class IpLiterals {
        @ParameterizedTest
        @ValueSource(strings = {"1.2.3.4", "1.2.3.4:8448", "255.255.255.255", "[::1]", "[2001:DB8::1]:8448"})
        void areDeniedIfItSaysSo(String server) {
            assertThat(allows("{'allow':['*'],'allow_ip_literals':false}", server))
                    .isFalse();
            assertThat(allows("{'allow':['" + new ServerName(server).host() + "'],'allow_ip_literals':false}", server))
                    .isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"1.2.3.4", "[::1]", "[2001:DB8::1]:8448"})
        void areAllowedIfItDoesNot(String server) {
            assertThat(allows("{'allow':['*'],'allow_ip_literals':true}", server))
                    .isTrue();
            assertThat(allows("{'allow':['*']}", server)).isTrue();
            assertThat(allows("{'allow':['*'],'allow_ip_literals':'false'}", server))
                    .isTrue();
            assertThat(allows("{'allow':['*'],'allow_ip_literals':0}", server)).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"1.2.3.example", "1.2.3", "1.2.3.4.5", "1-2.3.4.5", "1.2.3.4.example"})
        void areNoNames(String server) {
            assertThat(allows("{'allow':['*'],'allow_ip_literals':false}", server))
                    .isTrue();
        }

        @Test
        void areMatchedWithTheirBrackets() {
            assertThat(allows("{'allow':['*'],'deny':['[2001:db8:*]']}", "[2001:DB8::1]:8448"))
                    .isFalse();
            assertThat(allows("{'allow':['*'],'deny':['2001:db8::1']}", "[2001:db8::1]"))
                    .isTrue();
        }
    }

    @Nested
    class MalformedContent {
        /** A redacted event has such content, so it denies every server. */
        @ParameterizedTest
        @ValueSource(
                strings = {"{}", "{'allow':'*'}", "{'allow':{'0':'*'}}", "{'allow':null}", "{'allow':[1,null,['*']]}"})
        void allowsNobodyWithoutAList(String content) {
            assertThat(allows(content, "one.example")).isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"'*'", "{}", "null", "1", "[null,1,['*'],{}]"})
        void deniesNobodyWithoutAList(String deny) {
            assertThat(allows("{'allow':['*'],'deny':" + deny + "}", "one.example"))
                    .isTrue();
        }

        @Test
        void passesOverWhatIsNoString() {
            assertThat(allows("{'allow':[1,'one.example',null]}", "one.example"))
                    .isTrue();
        }
    }

    private static boolean allows(String contentWithSingleQuotes, String server) {
        JsonObject content = JsonParser.parseObject(
                contentWithSingleQuotes.replace('\'', '"').getBytes(UTF_8));
        return ServerAcl.of(content).allows(ServerName.parse(server));
    }
}
