package io.myelin.accountserver.password;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.web.address.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PasswordHashTest {
    private static final Argon2Cost CHEAP = new Argon2Cost(64, 1, 1);

    @Test
    void knowsThePasswordAndNoOther() {
        PasswordHash hash = PasswordHash.of("correct horse", CHEAP, new Random(1));
        assertThat(hash.matches("correct horse")).isTrue();
        assertThat(hash.matches("correct horse ")).isFalse();
        assertThat(hash.matches("")).isFalse();
    }

    @Test
    void saysHowItWasMade() {
        String encoded = PasswordHash.of("correct horse", CHEAP, new Random(1)).encoded();
        assertThat(encoded).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
        assertThat(PasswordHash.parse(encoded).orElseThrow().matches("correct horse"))
                .isTrue();
    }

    @Test
    void isAnotherForTheSamePasswordOfSomebodyElse() {
        Random random = new Random(1);
        assertThat(PasswordHash.of("same", CHEAP, random).encoded())
                .isNotEqualTo(PasswordHash.of("same", CHEAP, random).encoded());
    }

    @Test
    void takesLettersForTheSameHoweverTheyAreComposed() {
        assertThat(PasswordHash.of("caf\u00e9", CHEAP, new Random(1)).matches("cafe\u0301"))
                .isTrue();
    }

    @Test
    void agreesWithTheReferenceImplementation() {
        // echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32
        byte[] expected = HexFormat.of().parseHex("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
        byte[] salt = "somesalt".getBytes(StandardCharsets.US_ASCII);
        assertThat(new PasswordHash(new Argon2Cost(65536, 2, 1), salt, expected).matches("password"))
                .isTrue();
    }

    @Test
    void readsNothingElse() {
        assertThat(PasswordHash.parse("")).isEmpty();
        assertThat(PasswordHash.parse("$2b$12$abc")).isEmpty();
        assertThat(PasswordHash.parse("$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA")).isEmpty();
    }

    @Test
    void isNobodysWithoutAHash() {
        try (Passwords passwords = new Passwords(CHEAP, new Random(1))) {
            assertThat(passwords.matches(ClientAddress.OURS, "", null)).isFalse();
            assertThat(passwords.matches(ClientAddress.OURS, "x", passwords.hash(ClientAddress.OURS, "x")))
                    .isTrue();
        }
    }
}
