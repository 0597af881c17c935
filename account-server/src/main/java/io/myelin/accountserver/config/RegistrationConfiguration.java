package io.myelin.accountserver.config;

import io.myelin.accountserver.authentication.Credentials;
import io.myelin.accountserver.authentication.Identifiers;
import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.LoginTokens;
import io.myelin.accountserver.authentication.OpenIdTokens;
import io.myelin.accountserver.authentication.Stages;
import io.myelin.accountserver.authentication.Tickets;
import io.myelin.accountserver.authentication.UserStages;
import io.myelin.accountserver.password.Passwords;
import io.myelin.accountserver.registration.Agreements;
import io.myelin.accountserver.registration.NewSessions;
import io.myelin.accountserver.registration.RegistrationFlows;
import io.myelin.accountserver.registration.Registrations;
import io.myelin.accountserver.storage.AgreementTable;
import io.myelin.accountserver.storage.AuthenticationSessionTable;
import io.myelin.accountserver.storage.RegistrationTokenTable;
import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.accountserver.storage.ThreepidTable;
import io.myelin.accountserver.threepid.PhoneValidations;
import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.Validation.Purpose;
import io.myelin.accountserver.threepid.Validations;
import io.myelin.accountserver.web.Commands;
import io.myelin.accountserver.web.InternalUserController;
import io.myelin.accountserver.web.LoginController;
import io.myelin.accountserver.web.LoginTokenController;
import io.myelin.accountserver.web.OpenIdController;
import io.myelin.accountserver.web.RefreshController;
import io.myelin.accountserver.web.RegistrationController;
import io.myelin.accountserver.web.RegistrationTokenController;
import io.myelin.accountserver.web.SharedSecretController;
import io.myelin.contracts.account.AccountCommands;
import io.myelin.engine.UuidV7;
import io.myelin.web.session.Authenticator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans by which accounts and sessions come to be. */
@Configuration(proxyBeanMethods = false)
class RegistrationConfiguration {
    private final AccountEnvironment environment;

    RegistrationConfiguration(AccountEnvironment environment) {
        this.environment = environment;
    }

    @Bean
    Registrations accountRegistrations(StoredAccounts accounts, Passwords passwords) {
        return new Registrations(
                environment.serverName(),
                accounts::account,
                passwords,
                () -> environment.testMode() ? 1 : environment.now().passwords().minLength(),
                environment.server().serverNotices().localpart(),
                environment.random());
    }

    @Bean
    RegistrationFlows registrationFlows(Stages stages, RegistrationTokenTable tokens) {
        return new RegistrationFlows(() -> environment.now().registration(), stages, tokens::exist);
    }

    @Bean
    NewSessions newSessions() {
        return new NewSessions(() -> environment.now().sessions(), environment.clock(), environment.random());
    }

    @Bean
    Agreements agreements(
            AgreementTable table, ThreepidTable addresses, Validations validations, PhoneValidations phones) {
        return new Agreements(
                table,
                addresses,
                (medium, sid) -> medium.equals(ThirdPartyId.MSISDN)
                        ? phones.useUp(Purpose.REGISTER, sid)
                        : validations.useUp(Purpose.REGISTER, sid),
                environment.clock());
    }

    @Bean
    RegistrationController accountRegistrationController(
            Commands commands,
            Registrations registrations,
            RegistrationFlows flows,
            InteractiveAuthentication authentication,
            AuthenticationSessionTable sessions,
            Agreements agreements,
            NewSessions newSessions,
            ObjectProvider<Authenticator> authenticator) {
        return new RegistrationController(
                commands,
                registrations,
                flows,
                authentication,
                sessions,
                agreements,
                newSessions,
                environment.newUsers(),
                environment.server(),
                () -> environment.testMode() || environment.now().registration().guests(),
                authenticator);
    }

    @Bean
    RegistrationTokenController registrationTokenController(RegistrationTokenTable tokens) {
        return new RegistrationTokenController(tokens, environment.clock(), environment.random());
    }

    @Bean
    SharedSecretController accountSharedSecretController(
            Commands commands, Registrations registrations, Tickets tickets, NewSessions newSessions) {
        return new SharedSecretController(
                commands,
                registrations,
                tickets,
                newSessions,
                environment.guesses(),
                environment.server(),
                () -> environment.now().registration().sharedSecret(),
                environment.random());
    }

    @Bean
    InternalUserController accountInternalUserController(Commands commands, Registrations registrations) {
        return new InternalUserController(commands, registrations);
    }

    @Bean
    LoginController accountLoginController(
            Commands commands,
            Credentials credentials,
            Identifiers identifiers,
            LoginTokens tokens,
            NewSessions newSessions) {
        var cas = environment.settings().cas();
        return new LoginController(
                commands,
                credentials,
                identifiers,
                tokens,
                newSessions,
                environment.logins(),
                environment.server(),
                cas.serverUrl() == null ? null : cas.name());
    }

    @Bean
    RefreshController accountRefreshController(AccountCommands router, NewSessions newSessions) {
        return new RefreshController(
                environment.serverName(),
                router,
                newSessions,
                environment.guesses(),
                new UuidV7(System::currentTimeMillis, environment.random()::nextLong));
    }

    @Bean
    LoginTokenController loginTokenController(
            LoginTokens tokens, InteractiveAuthentication authentication, UserStages stages) {
        return new LoginTokenController(tokens, authentication, stages);
    }

    @Bean
    OpenIdController openIdController(OpenIdTokens tokens) {
        return new OpenIdController(tokens, environment.server());
    }
}
