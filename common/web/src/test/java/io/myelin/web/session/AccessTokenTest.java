package io.myelin.web.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AccessTokenTest {
    private static final ServerName SERVER = ServerName.parse("example.org");
    private final Random random = new Random(1);

    @Test
    void namesItsUserWhateverTheLocalpart() {
        for (String localpart : new String[] {"alice", "a", "Ünïcode >?~", "with_under_score", "/+=._-"}) {
            UserId user = UserId.of(localpart, SERVER);
            AccessToken token = AccessToken.make(user, random);
            assertThat(AccessToken.parse(token.text(), SERVER)).contains(token);
            assertThat(token.text()).startsWith("mye_").matches("[A-Za-z0-9_-]+");
        }
    }

    @Test
    void isRefusedWithoutAskingIfAnyLetterIsAnother() {
        String text = AccessToken.make(UserId.of("alice", SERVER), random).text();
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'x' ? 'y' : 'x';
            assertThat(AccessToken.parse(text.substring(0, i) + other + text.substring(i + 1), SERVER))
                    .isEmpty();
        }
    }

    @Test
    void isRefusedIfItIsNoTokenAtAll() {
        for (String text :
                new String[] {"", "_", "__", "mye_", "mye__", "mye___", "syt_YWxpY2U_abc_1", "x".repeat(9999)}) {
            assertThat(AccessToken.parse(text, SERVER)).isEmpty();
        }
    }

    @Test
    void doesNotShowItsSecretWhenPrinted() {
        AccessToken token = AccessToken.make(UserId.of("alice", SERVER), random);
        assertThat(token.toString()).doesNotContain(token.text().substring(12));
    }
}
