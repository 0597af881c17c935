package io.myelin.accountserver.config;

import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.LoginTokens;
import io.myelin.accountserver.authentication.Tickets;
import io.myelin.accountserver.authentication.UserStages;
import io.myelin.accountserver.mail.Mails;
import io.myelin.accountserver.outgoing.OutsideServices;
import io.myelin.accountserver.registration.RegistrationFlows;
import io.myelin.accountserver.settings.Email;
import io.myelin.accountserver.sso.CasService;
import io.myelin.accountserver.sso.SsoLogins;
import io.myelin.accountserver.sso.SsoUsers;
import io.myelin.accountserver.storage.SsoIdentityTable;
import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.accountserver.storage.ThreepidTable;
import io.myelin.accountserver.storage.ThreepidValidationTable;
import io.myelin.accountserver.threepid.AddressNotices;
import io.myelin.accountserver.threepid.IdentityServers;
import io.myelin.accountserver.threepid.PhoneDelegate;
import io.myelin.accountserver.threepid.PhoneValidations;
import io.myelin.accountserver.threepid.PublishedIds;
import io.myelin.accountserver.threepid.Validations;
import io.myelin.accountserver.web.Commands;
import io.myelin.accountserver.web.EmailController;
import io.myelin.accountserver.web.MsisdnController;
import io.myelin.accountserver.web.SsoController;
import io.myelin.accountserver.web.ThirdPartyIdController;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.outbound.AddressLookup;
import io.myelin.outbound.AddressRules;
import io.myelin.outbound.OutboundHttp;
import io.myelin.outbound.TrustedCertificates;
import java.net.URI;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The beans that talk to services of others: identity servers, SMTP, CAS. */
@Configuration(proxyBeanMethods = false)
class OutsideConfiguration {
    private static final int KEPT_CONNECTIONS = 32;
    private static final String USER_AGENT = "Myelin";

    private final AccountEnvironment environment;

    OutsideConfiguration(AccountEnvironment environment) {
        this.environment = environment;
        checkCertificates(environment.settings().outgoing().verifyCertificates(), environment.testMode());
    }

    /** @throws IllegalArgumentException if anybody on the way could be the CAS server, and say who somebody is */
    static void checkCertificates(boolean areVerified, boolean testMode) {
        if (!areVerified && !testMode) {
            throw new IllegalArgumentException(
                    "outgoing.verify-certificates can be false in test mode only (test-mode: true).");
        }
    }

    /** For hosts that users choose. Created on first use, so that the start need not wait for it. */
    @Bean(destroyMethod = "close")
    @Lazy
    OutboundHttp accountOutboundHttp() {
        return outbound(
                environment.testMode()
                        ? AddressRules.everywhere()
                        : AddressRules.publicAnd(
                                environment.settings().outgoing().allowedNetworks()));
    }

    /** For hosts that the operator has configured, which may be in any network. */
    @Bean(destroyMethod = "close")
    @Lazy
    OutboundHttp accountConfiguredHttp() {
        return outbound(AddressRules.everywhere());
    }

    private OutboundHttp outbound(AddressRules rules) {
        var outgoing = environment.settings().outgoing();
        return new OutboundHttp(new OutboundHttp.Settings(
                rules,
                AddressLookup.ofThisMachine(),
                outgoing.verifyCertificates()
                        ? TrustedCertificates.and(TrustedCertificates.read(
                                environment.server().tls().trustedCertificates()))
                        : null,
                outgoing.timeout(),
                KEPT_CONNECTIONS,
                USER_AGENT));
    }

    @Bean
    OutsideServices outsideServices(@Qualifier("accountOutboundHttp") ObjectProvider<OutboundHttp> http) {
        return new OutsideServices(http::getObject);
    }

    @Bean
    OutsideServices configuredServices(@Qualifier("accountConfiguredHttp") ObjectProvider<OutboundHttp> http) {
        return new OutsideServices(http::getObject);
    }

    @Bean
    Mails accountMails() {
        Email email = environment.settings().email();
        String name = environment.server().serverName();
        return new Mails(
                email.host() == null
                        ? null
                        : new Mails.Server(
                                email.host(),
                                email.port(),
                                email.security(),
                                email.user(),
                                email.password(),
                                email.timeout()),
                name,
                email.from() == null ? "noreply@" + environment.serverName().host() : email.from(),
                email.templates());
    }

    @Bean
    Validations threepidValidations(ThreepidValidationTable table, Mails mails) {
        return new Validations(
                table,
                mails,
                environment.server().baseUrl(),
                () -> environment.now().email().validity().toMillis(),
                environment.clock(),
                environment.random());
    }

    /** Whether a confirmation was used is decided once for all instances, as for login tokens. */
    @Bean
    PhoneValidations phoneValidations(
            @Qualifier("configuredServices") OutsideServices services, Tickets tickets, Commands commands) {
        URI delegate = environment.settings().msisdn().delegateUrl();
        return new PhoneValidations(
                delegate == null ? null : new PhoneDelegate(services, delegate),
                new PhoneSeals(tickets),
                seal -> commands.spend(tickets.commandOf(seal), environment.random()),
                environment.server().baseUrl());
    }

    private record PhoneSeals(Tickets tickets) implements PhoneValidations.Seals {
        private static final Duration VALIDITY = Duration.ofHours(1);

        @Override
        public String issue(String of) {
            return tickets.issue("phone number: " + of, VALIDITY);
        }

        @Override
        public boolean accepts(String of, String seal) {
            return tickets.accepts("phone number: " + of, seal);
        }
    }

    @Bean
    MsisdnController accountMsisdnController(PhoneValidations phones, ThreepidTable table, RegistrationFlows flows) {
        return new MsisdnController(
                phones, table, flows::all, environment.mails(), environment.mailsOfAnHour(), environment.guesses());
    }

    @Bean
    IdentityServers identityServers(@Qualifier("outsideServices") OutsideServices services, SigningKey key) {
        return new IdentityServers(services, environment.serverName(), key);
    }

    @Bean
    PublishedIds publishedIds(ThreepidTable table, IdentityServers servers) {
        return new PublishedIds(table, servers, environment.guesses());
    }

    @Bean
    AddressNotices addressNotices(ThreepidTable table, Mails mails) {
        return new AddressNotices(
                table,
                mails,
                environment.mailsOfAnHour(),
                task -> Thread.ofVirtual().name("address-notice").start(task));
    }

    @Bean
    ThirdPartyIdController thirdPartyIdController(
            ThreepidTable table,
            PublishedIds published,
            Validations validations,
            InteractiveAuthentication authentication,
            UserStages stages,
            AddressNotices notices,
            PhoneValidations phones) {
        return new ThirdPartyIdController(
                table,
                published,
                validations,
                authentication,
                stages,
                notices,
                phones,
                !environment.testMode(),
                environment.clock());
    }

    @Bean
    EmailController accountEmailController(Validations validations, ThreepidTable table, RegistrationFlows flows) {
        return new EmailController(
                validations,
                table,
                flows::all,
                environment.mails(),
                environment.mailsOfAnHour(),
                !environment.testMode());
    }

    @Bean
    SsoBeans ssoBeans(@Qualifier("configuredServices") OutsideServices services, SsoIdentityTable identities) {
        URI cas = environment.settings().cas().serverUrl();
        return new SsoBeans(
                cas == null
                        ? null
                        : new SsoLogins(
                                new CasService(services, cas),
                                new SsoUsers(
                                        environment.serverName(),
                                        identities,
                                        environment.testMode()
                                                || environment.settings().cas().takesExistingUsers(),
                                        environment.server().serverNotices().localpart()),
                                environment.server().baseUrl()));
    }

    @Bean
    SsoController ssoController(
            SsoBeans sso,
            Commands commands,
            StoredAccounts accounts,
            LoginTokens tokens,
            Tickets tickets,
            InteractiveAuthentication authentication) {
        return new SsoController(
                sso.logins(),
                environment.settings().cas().registers(),
                commands,
                accounts::account,
                tokens,
                authentication,
                environment.guesses(),
                tickets,
                !environment.testMode(),
                environment.random());
    }
}
