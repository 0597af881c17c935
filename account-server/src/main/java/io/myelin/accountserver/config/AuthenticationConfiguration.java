package io.myelin.accountserver.config;

import io.myelin.accountserver.authentication.Credentials;
import io.myelin.accountserver.authentication.DummyStage;
import io.myelin.accountserver.authentication.EmailStage;
import io.myelin.accountserver.authentication.Identifiers;
import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.LoginTokens;
import io.myelin.accountserver.authentication.MsisdnStage;
import io.myelin.accountserver.authentication.OpenIdTokens;
import io.myelin.accountserver.authentication.Operation;
import io.myelin.accountserver.authentication.PasswordStage;
import io.myelin.accountserver.authentication.RecaptchaService;
import io.myelin.accountserver.authentication.RecaptchaStage;
import io.myelin.accountserver.authentication.RegistrationTokenStage;
import io.myelin.accountserver.authentication.SsoStage;
import io.myelin.accountserver.authentication.Stage;
import io.myelin.accountserver.authentication.Stages;
import io.myelin.accountserver.authentication.Terms;
import io.myelin.accountserver.authentication.TermsStage;
import io.myelin.accountserver.authentication.Tickets;
import io.myelin.accountserver.authentication.UserStages;
import io.myelin.accountserver.outgoing.OutsideServices;
import io.myelin.accountserver.password.Argon2Cost;
import io.myelin.accountserver.password.Passwords;
import io.myelin.accountserver.registration.RegistrationToken;
import io.myelin.accountserver.settings.Recaptcha;
import io.myelin.accountserver.sso.SsoIdentities;
import io.myelin.accountserver.storage.AuthenticationSessionTable;
import io.myelin.accountserver.storage.RegistrationTokenTable;
import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.accountserver.storage.ThreepidTable;
import io.myelin.accountserver.threepid.PhoneValidations;
import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.Validation.Purpose;
import io.myelin.accountserver.threepid.Validations;
import io.myelin.accountserver.web.FallbackController;
import io.myelin.matrix.crypto.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans by which users prove who they are. */
@Configuration(proxyBeanMethods = false)
class AuthenticationConfiguration {
    private static final byte[] TICKET_PURPOSE = "io.myelin.accountserver tickets".getBytes(StandardCharsets.US_ASCII);

    private final AccountEnvironment environment;

    AuthenticationConfiguration(AccountEnvironment environment) {
        this.environment = environment;
    }

    @Bean
    Passwords accountPasswords() {
        var cost = environment.settings().passwords();
        return new Passwords(
                environment.testMode()
                        ? Argon2Cost.LOWEST
                        : new Argon2Cost(cost.memoryKib(), cost.iterations(), cost.parallelism()),
                environment.random());
    }

    /**
     * The tickets' secret is a signature by the server's signing key: signatures are deterministic, so all instances have
     * the same secret.
     */
    @Bean
    Tickets accountTickets(SigningKey key) {
        return new Tickets(key.sign(TICKET_PURPOSE), environment.clock(), environment.random());
    }

    @Bean
    LoginTokens loginTokens(Tickets accountTickets, StoredAccounts accounts) {
        return new LoginTokens(
                environment.serverName(),
                accountTickets,
                accounts::account,
                environment.guesses(),
                environment.random());
    }

    @Bean
    OpenIdTokens openIdTokens(Tickets accountTickets, StoredAccounts accounts) {
        return new OpenIdTokens(environment.serverName(), accountTickets, accounts::account);
    }

    @Bean
    Identifiers accountIdentifiers(ThreepidTable addresses) {
        return new Identifiers(environment.serverName(), addresses::owner);
    }

    @Bean
    Credentials accountCredentials(StoredAccounts accounts, Passwords passwords) {
        return new Credentials(accounts::account, passwords, environment.guesses(), environment.passwordsOfAddress());
    }

    @Bean
    Stages authenticationStages(
            Identifiers identifiers,
            Credentials credentials,
            RegistrationTokenTable tokens,
            Validations validations,
            PhoneValidations phones,
            @Qualifier("configuredServices") OutsideServices services) {
        List<Stage> stages = new ArrayList<>();
        stages.add(new DummyStage());
        stages.add(new PasswordStage(identifiers, credentials));
        stages.add(new RegistrationTokenStage(
                () -> environment.now().registration().eachToken(),
                token -> isUsable(tokens, token),
                environment.guesses()));
        Terms terms = terms();
        if (terms != null) {
            stages.add(new TermsStage(() -> terms));
        }
        Recaptcha recaptcha = environment.settings().recaptcha();
        if (recaptcha.publicKey() != null && recaptcha.privateKey() != null) {
            stages.add(new RecaptchaStage(
                    recaptcha.publicKey(),
                    new RecaptchaService(services, recaptcha.verifyUrl(), recaptcha.privateKey()),
                    environment.guesses()));
        }
        if (validations.areOffered()) {
            stages.add(new EmailStage((operation, sid, secret) -> purpose(operation)
                    .flatMap(purpose -> validations.confirmed(purpose, sid, secret))
                    .filter(validation -> validation.of().medium().equals(ThirdPartyId.EMAIL))
                    .map(validation -> validation.of().address())));
        }
        if (phones.areOffered()) {
            stages.add(new MsisdnStage((operation, sid, secret) -> purpose(operation)
                    .flatMap(purpose -> phones.confirmed(purpose, sid, secret))
                    .map(confirmed -> confirmed.id().address())));
        }
        if (environment.settings().cas().serverUrl() != null) {
            stages.add(new SsoStage());
        }
        return new Stages(stages);
    }

    /** What an address has to be confirmed for, so that an operation takes it as a proof. */
    private static Optional<Purpose> purpose(String operation) {
        return switch (operation) {
            case Operation.REGISTER -> Optional.of(Purpose.REGISTER);
            case Operation.RESET_PASSWORD -> Optional.of(Purpose.PASSWORD);
            default -> Optional.empty();
        };
    }

    private boolean isUsable(RegistrationTokenTable tokens, String token) {
        long now = environment.clock().millis();
        Optional<RegistrationToken> known = tokens.find(token, now);
        return known.isPresent() && known.get().isUsable(now);
    }

    private @Nullable Terms terms() {
        var terms = environment.settings().terms();
        URI url = terms.url();
        return url == null ? null : new Terms("terms_of_service", terms.version(), terms.name(), url.toString());
    }

    @Bean
    InteractiveAuthentication interactiveAuthentication(AuthenticationSessionTable sessions, Stages stages) {
        return new InteractiveAuthentication(
                sessions, stages, environment.authentications(), environment.clock(), environment.random());
    }

    @Bean
    UserStages userStages(StoredAccounts accounts, SsoIdentities identities) {
        boolean sso = environment.settings().cas().serverUrl() != null;
        return new UserStages(
                user -> accounts.account(user)
                        .filter(account -> account.passwordHash() != null)
                        .isPresent(),
                user -> sso && identities.has(user));
    }

    @Bean
    FallbackController authenticationFallbackController(InteractiveAuthentication authentication, SsoBeans sso) {
        Terms terms = terms();
        return new FallbackController(
                authentication,
                terms == null ? null : () -> terms,
                sso.logins() == null
                        ? null
                        : session -> Objects.requireNonNull(sso.logins()).addressToConfirm(session.id()),
                environment.random());
    }
}
