package io.myelin.accountserver.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.myelin.accountserver.mail.Mails;
import io.myelin.accountserver.threepid.RememberedValidations;
import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.ThirdPartyIds;
import io.myelin.accountserver.threepid.Validation;
import io.myelin.accountserver.threepid.Validations;
import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;

class EmailControllerTest {
    private static final ClientAddress CLIENT = new ClientAddress("203.0.113.9", false);
    private static final byte[] CODE_HASH = Sha256.hash("code".getBytes(StandardCharsets.UTF_8));

    private final RememberedValidations store = new RememberedValidations();
    private final Validations validations = new Validations(
            store,
            new Mails(
                    new Mails.Server("localhost", 1, "none", null, null, Duration.ofMillis(200)),
                    "example.org",
                    "noreply@example.org",
                    null),
            "https://example.org",
            () -> 60_000,
            () -> Instant.ofEpochMilli(0),
            new Random(1));

    @Test
    void tellsAnAddressOnlySoOftenWhetherAnotherIsKnown() {
        EmailController controller = controller(new AttemptLimit(() -> 2), new AttemptLimit(() -> 0));
        for (int i = 0; i < 2; i++) {
            assertThat(refusal(controller, "\"send_attempt\":1").body().string("errcode"))
                    .contains("M_THREEPID_NOT_FOUND");
        }
        assertThat(refusal(controller, "\"send_attempt\":1").status()).isEqualTo(429);
    }

    @Test
    void countsOnlyMailsThatAreSentToAnAddress() {
        var limit = new AttemptLimit(() -> 1);
        begin(limit, "one", 1); // Counts, though the mail cannot be sent.
        assertThat(begin(limit, "two", 1).status()).isEqualTo(429);
        var fresh = new AttemptLimit(() -> 1);
        store.begin(validation("three", 5), 0);
        for (int i = 0; i < 3; i++) {
            validations.begin(
                    Validation.Purpose.PASSWORD, address(), "three", 5, null, () -> fresh.attempt("mail to somebody"));
        }
        fresh.requireAttempt("mail to somebody");
    }

    @Test
    void leadsNowhereButToTheWeb() {
        for (String link : List.of("javascript:alert(1)", "https://", "https://a.example.org/\r\nX: y", "https:///x")) {
            var refused = catchThrowableOfType(
                    MatrixException.class,
                    () -> validations.begin(Validation.Purpose.ADD, address(), "link", 1, link, () -> {}));
            assertThat(refused.status()).as(link).isEqualTo(400);
        }
    }

    @Test
    void confirmsNothingForAProgramThatLooksWhatALinkIs() throws Exception {
        EmailController controller = controller(new AttemptLimit(() -> 0), new AttemptLimit(() -> 0));
        for (Validation.Purpose purpose : Validation.Purpose.values()) {
            String sid = "sid-" + purpose.word();
            store.begin(new Validation(sid, purpose, address(), purpose.word(), CODE_HASH, 1, null, 60_000, null), 0);
            var response = new MockHttpServletResponse();
            controller.open(purpose.word(), sid, purpose.word(), "code", response);
            assertThat(response.getContentAsString()).contains("<form method=\"post\">");
            assertThat(validations.confirmed(purpose, sid, purpose.word())).isEmpty();
        }
    }

    private MatrixException begin(AttemptLimit limit, String secret, long attempt) {
        return catchThrowableOfType(
                MatrixException.class,
                () -> validations.begin(
                        Validation.Purpose.PASSWORD,
                        address(),
                        secret,
                        attempt,
                        null,
                        () -> limit.attempt("mail to somebody")));
    }

    private static MatrixException refusal(EmailController controller, String fields) {
        JsonObject body =
                JsonParser.parseObject(("{\"email\":\"a@example.org\",\"client_secret\":\"s\"," + fields + "}")
                        .getBytes(StandardCharsets.UTF_8));
        return catchThrowableOfType(MatrixException.class, () -> controller.forPassword(CLIENT, body));
    }

    private EmailController controller(AttemptLimit mails, AttemptLimit ofAnHour) {
        return new EmailController(validations, new NoAddresses(), () -> {}, mails, ofAnHour, true);
    }

    private static ThirdPartyId address() {
        return ThirdPartyId.email("a@example.org");
    }

    private static Validation validation(String secret, long attempt) {
        return new Validation(
                "sid-" + secret,
                Validation.Purpose.PASSWORD,
                address(),
                secret,
                CODE_HASH,
                attempt,
                null,
                60_000,
                null);
    }

    /** Nobody has an address. */
    private static final class NoAddresses implements ThirdPartyIds {
        @Override
        public List<Owned> of(UserId user) {
            return List.of();
        }

        @Override
        public Optional<UserId> owner(ThirdPartyId id) {
            return Optional.empty();
        }

        @Override
        public boolean add(UserId user, ThirdPartyId id, long validatedAt, long now) {
            return false;
        }

        @Override
        public boolean remove(UserId user, ThirdPartyId id) {
            return false;
        }

        @Override
        public List<Binding> bindings(UserId user) {
            return List.of();
        }

        @Override
        public void bound(UserId user, Binding binding) {}

        @Override
        public void unbound(UserId user, Binding binding) {}

        @Override
        public void removeAll(UserId user) {}
    }
}
