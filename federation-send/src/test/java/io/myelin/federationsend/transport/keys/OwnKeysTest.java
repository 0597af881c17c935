package io.myelin.federationsend.transport.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.ServerName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnKeysTest {
    private static final ServerName SERVER = ServerName.parse("us.test");
    private static final SigningKey KEY = SigningKey.generate("ed25519:now", new Random(1));
    private static final SigningKey FORMER = SigningKey.generate("ed25519:then", new Random(2));
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void publishesWhatOthersAccept() {
        var configured = "ed25519:then=" + FORMER.verifyKey().toBase64() + "@1500000000000";
        var own = new OwnKeys(SERVER, KEY, OldVerifyKey.parseList(configured), InstantSource.fixed(NOW));
        var read = ServerKeys.check(SERVER, own.published(), NOW);
        assertThat(read.current()).isEqualTo(Map.of("ed25519:now", KEY.verifyKey()));
        assertThat(read.old())
                .isEqualTo(Map.of(
                        "ed25519:then",
                        new OldVerifyKey(
                                "ed25519:then", FORMER.verifyKey(), Instant.ofEpochMilli(1_500_000_000_000L))));
        assertThat(read.validUntil()).isEqualTo(NOW.plus(Duration.ofDays(7)));
    }

    @Test
    void alwaysSaysWhichKeysAreOld() {
        var own = new OwnKeys(SERVER, KEY, List.of(), InstantSource.fixed(NOW));
        assertThat(own.published().object("old_verify_keys").orElseThrow().isEmpty())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ed25519:a=AAAA@1", "ed25519:a=AAAA", "a"})
    void refusesOldKeysOfAnotherForm(String setting) {
        assertThatThrownBy(() -> OldVerifyKey.parseList(setting)).isInstanceOf(IllegalArgumentException.class);
    }
}
