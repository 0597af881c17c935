package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.RuleNumber.rejected;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import java.util.Optional;

/** Rules 5.4.1.2 and on: an invitation of a third-party identifier, once its user is known. */
final class ThirdPartyInviteRules {
    private ThirdPartyInviteRules() {}

    static AuthResult check(Pdu event, UserId target, AuthState state) {
        Optional<JsonObject> signed =
                event.content().object("third_party_invite").flatMap(invite -> invite.object("signed"));
        if (signed.isEmpty()) {
            return rejected(event, "5.4.1.2", "The third-party invite is not signed.");
        }
        Optional<String> mxid = signed.get().string("mxid");
        Optional<String> token = signed.get().string("token");
        if (mxid.isEmpty() || token.isEmpty()) {
            return rejected(event, "5.4.1.3", "The third-party invite lacks its user or token.");
        }
        if (!mxid.get().equals(target.value())) {
            return rejected(event, "5.4.1.4", "The third-party invite is for another user.");
        }
        Pdu invite = state.get(EventTypes.THIRD_PARTY_INVITE, token.get());
        if (invite == null) {
            return rejected(event, "5.4.1.5", "The room has no third-party invite of this token.");
        }
        if (!event.sender().equals(invite.sender())) {
            return rejected(event, "5.4.1.6", "The third-party invite was made by another user.");
        }
        return new ThirdPartySignatures(signed.get(), invite.content()).hasValidOne()
                ? AuthResult.allowed() // 5.4.1.7
                : rejected(event, "5.4.1.8", "The third-party invite bears no valid signature.");
    }
}
