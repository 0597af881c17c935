package io.myelin.federation.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.ServerName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XMatrixTest {
    private static final XMatrix EXPECTED = new XMatrix(
            ServerName.parse("origin.hs.example.com:8448"),
            ServerName.parse("destination.hs.example.com"),
            "ed25519:key1",
            UnpaddedBase64.decode("ABC/EF+g"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                // As the specification writes it.
                "X-Matrix origin=\"origin.hs.example.com:8448\",destination=\"destination.hs.example.com\","
                        + "key=\"ed25519:key1\",sig=\"ABC/EF+g\"",
                // Without quotes, where they are optional and where they are not.
                "X-Matrix origin=origin.hs.example.com:8448,destination=destination.hs.example.com,"
                        + "key=ed25519:key1,sig=ABC/EF+g",
                // Names in any case and order, more spaces, empty elements and unknown parameters.
                "x-matrix   Sig=\"ABC/EF+g\" ,\tKEY = \"ed25519:key1\",, more=\"a, b=c\",more2=,"
                        + "Destination=destination.hs.example.com , Origin=\"origin.hs.example.com:8448\",",
                // An escaped character stands for itself.
                "X-Matrix origin=\"origin\\.hs.example.com:8448\",destination=\"destination.hs.example.com\","
                        + "key=\"ed\\25519\\:key1\",sig=\"ABC\\/EF+g\"",
                // The name in the specification's list.
                "X-Matrix origin=\"origin.hs.example.com:8448\",destination=\"destination.hs.example.com\","
                        + "key=\"ed25519:key1\",signature=\"ABC/EF+g\""
            })
    void understandsEveryFormOfAHeader(String header) {
        var parsed = XMatrix.parse(header).orElseThrow();
        assertThat(parsed).usingRecursiveComparison().isEqualTo(EXPECTED);
    }

    @Test
    void readsWhatItWrites() {
        assertThat(EXPECTED.header())
                .isEqualTo("X-Matrix origin=\"origin.hs.example.com:8448\",destination=\"destination.hs.example.com\","
                        + "key=\"ed25519:key1\",sig=\"ABC/EF+g\"");
        assertThat(XMatrix.parse(EXPECTED.header()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(EXPECTED);
    }

    @Test
    void takesHeadersOfOldServersWithoutDestination() {
        assertThat(XMatrix.parse("X-Matrix origin=a.test,key=\"ed25519:1\",sig=\"AAAA\"")
                        .orElseThrow()
                        .destination())
                .isNull();
    }

    @Test
    void leavesOtherSchemesAlone() {
        assertThat(XMatrix.parse("Bearer abc")).isEmpty();
        assertThat(XMatrix.parse("X-MatrixToo origin=a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Matrix",
                "X-Matrix origin",
                "X-Matrix =a",
                "X-Matrix origin=\"a.test",
                "X-Matrix origin=\"a.test\" key=\"ed25519:1\",sig=\"AAAA\"",
                "X-Matrix origin=a.test,origin=b.test,key=\"ed25519:1\",sig=\"AAAA\"",
                "X-Matrix origin=a.test,key=\"ed25519:1\"",
                "X-Matrix key=\"ed25519:1\",sig=\"AAAA\"",
                "X-Matrix origin=a.test,sig=\"AAAA\"",
                "X-Matrix origin=\"not a name\",key=\"ed25519:1\",sig=\"AAAA\"",
                "X-Matrix origin=a.test,key=\"ed25519:1\",sig=\"no base64!\""
            })
    void refusesWhatItCannotUnderstand(String header) {
        assertThatThrownBy(() -> XMatrix.parse(header))
                .isInstanceOf(Unauthenticated.class)
                .hasMessageEndingWith(".");
    }
}
