package io.myelin.accountserver.registration;

import io.myelin.accountserver.authentication.DummyStage;
import io.myelin.accountserver.authentication.EmailStage;
import io.myelin.accountserver.authentication.MsisdnStage;
import io.myelin.accountserver.authentication.RecaptchaStage;
import io.myelin.accountserver.authentication.RegistrationTokenStage;
import io.myelin.accountserver.authentication.Stages;
import io.myelin.accountserver.authentication.TermsStage;
import io.myelin.accountserver.settings.AccountServerSettings.Registration;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What somebody has to complete to register: anybody where registration is open, otherwise who has a registration token.
 * Each flow also has the terms and the recaptcha, where these are asked for.
 */
public final class RegistrationFlows {
    private final Supplier<Registration> settings;
    private final Stages stages;
    private final BooleanSupplier hasMadeTokens;

    /**
     * @param settings asked for each request
     * @param hasMadeTokens whether administrators have made registration tokens
     */
    public RegistrationFlows(Supplier<Registration> settings, Stages stages, BooleanSupplier hasMadeTokens) {
        this.settings = settings;
        this.stages = stages;
        this.hasMadeTokens = hasMadeTokens;
    }

    /** @throws MatrixException if nobody can register */
    public List<List<String>> all() {
        Registration now = settings.get();
        boolean hasTokens = !now.eachToken().isEmpty() || hasMadeTokens.getAsBoolean();
        boolean byEmail = stages.has(EmailStage.TYPE);
        boolean byPhone = stages.has(MsisdnStage.TYPE);
        List<List<String>> flows = new ArrayList<>();
        if (now.enabled() && !now.requiresToken()) {
            if (!now.requiresEmail()) {
                flows.add(flow(now, DummyStage.TYPE));
            }
            if (byEmail) {
                flows.add(flow(now, EmailStage.TYPE));
            }
            if (byPhone && !now.requiresEmail()) {
                flows.add(flow(now, MsisdnStage.TYPE));
            }
            if (byPhone && byEmail) {
                flows.add(flow(now, MsisdnStage.TYPE, EmailStage.TYPE));
            }
        }
        if (hasTokens || (now.enabled() && now.requiresToken())) {
            flows.add(
                    now.requiresEmail()
                            ? flow(now, RegistrationTokenStage.TYPE, EmailStage.TYPE)
                            : flow(now, RegistrationTokenStage.TYPE));
        }
        if (flows.isEmpty()) {
            throw new MatrixException(403, "M_FORBIDDEN", "Registration is closed.");
        }
        return flows;
    }

    private List<String> flow(Registration now, String... own) {
        List<String> flow = new ArrayList<>();
        // Without keys for it nobody can complete it, which is better than that anybody can.
        if (now.requiresCaptcha()) {
            flow.add(RecaptchaStage.TYPE);
        }
        if (stages.has(TermsStage.TYPE)) {
            flow.add(TermsStage.TYPE);
        }
        for (String stage : own) {
            // The dummy is for flows that would be empty.
            if (!stage.equals(DummyStage.TYPE) || flow.isEmpty()) {
                flow.add(stage);
            }
        }
        return List.copyOf(flow);
    }
}
