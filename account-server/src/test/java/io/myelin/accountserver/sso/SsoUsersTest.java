package io.myelin.accountserver.sso;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SsoUsersTest {
    private static final UserId BOB = UserId.parse("@bob:example.org");

    private final Remembered identities = new Remembered();

    @Test
    void givesNobodyAnAccountOfTheirNameThatWasMadeOtherwise() {
        assertThat(users(false).user("cas", "bob")).contains(new SsoUsers.Match(BOB, false));
        assertThat(users(true).user("cas", "bob")).contains(new SsoUsers.Match(BOB, true));
    }

    @Test
    void knowsWhoHasLoggedInBeforeAndNobodyElseOfThatName() {
        users(false).remember("cas", "bob", BOB);
        assertThat(users(false).user("cas", "bob")).contains(new SsoUsers.Match(BOB, true));
        assertThat(users(false).user("cas", "Bob")).contains(new SsoUsers.Match(BOB, false));
        users(false).forget("cas", "bob", BOB);
        assertThat(users(false).user("cas", "bob")).contains(new SsoUsers.Match(BOB, false));
    }

    @Test
    void givesNobodyTheNameOfTheSenderOfNotices() {
        assertThat(users(true).user("cas", "Notices")).isEmpty();
    }

    private SsoUsers users(boolean takesExisting) {
        return new SsoUsers(ServerName.parse("example.org"), identities, takesExisting, "notices");
    }

    private static final class Remembered implements SsoIdentities {
        private final Map<String, UserId> users = new HashMap<>();

        @Override
        public Optional<UserId> user(String provider, String subject) {
            return Optional.ofNullable(users.get(provider + " " + subject));
        }

        @Override
        public void remember(String provider, String subject, UserId user) {
            users.putIfAbsent(provider + " " + subject, user);
        }

        @Override
        public void forget(String provider, String subject, UserId user) {
            users.remove(provider + " " + subject, user);
        }

        @Override
        public List<External> of(UserId user) {
            return users.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(user))
                    .map(entry -> entry.getKey().split(" ", 2))
                    .map(parts -> new External(parts[0], parts[1]))
                    .toList();
        }

        @Override
        public boolean has(UserId user) {
            return users.containsValue(user);
        }
    }
}
