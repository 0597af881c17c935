package io.myelin.accountserver.sso;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CasServiceTest {
    private static final String SUCCESS = """
            <cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>
                <cas:authenticationSuccess>
                     <cas:user>alice</cas:user>
                     <cas:attributes></cas:attributes>
                </cas:authenticationSuccess>
            </cas:serviceResponse>""";

    @Test
    void readsTheUserOfASuccess() {
        assertThat(CasService.parse(bytes(SUCCESS))).contains("alice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not XML",
                "<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'><cas:authenticationFailure code='X'>no"
                        + "</cas:authenticationFailure></cas:serviceResponse>",
                "<s xmlns:c='http://www.yale.edu/tp/cas'><c:authenticationSuccess><c:user>alice</c:user><c:proxies>"
                        + "<c:proxy>https://another.example.org</c:proxy></c:proxies></c:authenticationSuccess></s>",
                "<s xmlns:c='http://www.yale.edu/tp/cas'><c:authenticationSuccess><c:attributes><c:user>alice</c:user>"
                        + "</c:attributes></c:authenticationSuccess></s>",
                "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><a><authenticationSuccess><user>&e;</user>"
                        + "</authenticationSuccess></a>"
            })
    void takesNothingElseForASuccess(String xml) {
        assertThat(CasService.parse(bytes(xml))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"cas_user!, cas_user=21", "Alice, alice", "_x, =5fx", "ä, =c3=a4"})
    void makesALocalpartOfEachName(String subject, String localpart) {
        assertThat(SsoUsers.localpart(subject)).isEqualTo(localpart);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
