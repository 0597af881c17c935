package io.myelin.matrix.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersion;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.myelin.matrix.room.RoomVersions#supported")
class RequiredSignaturesTest {
    private static final ServerName SENDERS = new ServerName("sender.example");
    private static final ServerName CHOSE_THE_ID = new ServerName("id.example");
    private static final ServerName AUTHORISES = new ServerName("member.example");

    private final RoomVersion version;

    RequiredSignaturesTest(RoomVersion version) {
        this.version = version;
    }

    @Test
    void areTheSendersAndThatOfTheIdUpToVersion2() {
        Pdu event = event("m.room.message", "{'body':'hello'}");
        if (saysItsId()) {
            assertThat(RequiredSignatures.of(event)).containsExactlyInAnyOrder(SENDERS, CHOSE_THE_ID);
        } else {
            assertThat(RequiredSignatures.of(event)).containsExactly(SENDERS);
        }
    }

    @Test
    void areNotTheSendersForAThirdPartyInvite() {
        Pdu event = event("m.room.member", "{'membership':'invite','third_party_invite':{}}");
        if (saysItsId()) {
            assertThat(RequiredSignatures.of(event)).containsExactly(CHOSE_THE_ID);
        } else {
            assertThat(RequiredSignatures.of(event)).isEmpty();
        }
    }

    @Test
    void areTheSendersForWhatOnlyLooksLikeAThirdPartyInvite() {
        assertThat(RequiredSignatures.of(event("m.room.member", "{'membership':'invite'}")))
                .contains(SENDERS);
        assertThat(RequiredSignatures.of(event("m.room.member", "{'membership':'join','third_party_invite':{}}")))
                .contains(SENDERS);
        assertThat(RequiredSignatures.of(event("m.room.message", "{'membership':'invite','third_party_invite':{}}")))
                .contains(SENDERS);
    }

    @Test
    void areThatOfWhoAuthorisesAJoinFromVersion8On() {
        String join = "{'membership':'join','join_authorised_via_users_server':'@m:member.example'}";
        boolean isRestricted = Integer.parseInt(version.id()) >= 8;
        assertThat(RequiredSignatures.of(event("m.room.member", join)).contains(AUTHORISES))
                .isEqualTo(isRestricted);
        assertThat(RequiredSignatures.of(event("m.room.message", join))).doesNotContain(AUTHORISES);
        assertThat(RequiredSignatures.of(event("m.room.member", join.replace("@m:member.example", "nobody"))))
                .doesNotContain(AUTHORISES)
                .contains(SENDERS);
    }

    @Test
    void standSideBySideOnOneEvent() {
        SigningKey ours = SigningKey.generate("ed25519:a", new Random(1));
        SigningKey theirs = SigningKey.generate("ed25519:b", new Random(2));
        Pdu event = event("m.room.message", "{'body':'hello'}")
                .signedBy(SENDERS, ours)
                .signedBy(CHOSE_THE_ID, theirs);
        assertThat(verifies(event, SENDERS, ours)).isTrue();
        assertThat(verifies(event, CHOSE_THE_ID, theirs)).isTrue();
        assertThat(verifies(event, SENDERS, theirs)).isFalse();
        assertThat(verifies(event.redacted(), CHOSE_THE_ID, theirs)).isTrue();
        assertThat(RequiredSignatures.of(event)).allMatch(event::bearsSignatureOf);
    }

    private boolean saysItsId() {
        return Integer.parseInt(version.id()) <= 2;
    }

    private boolean verifies(Pdu event, ServerName server, SigningKey key) {
        return EventSignatures.verify(version, event.json(), server, key.keyId(), key.verifyKey());
    }

    private Pdu event(String type, String content) {
        JsonObject json = JsonParser.parseObject(content.replace('\'', '"').getBytes(UTF_8));
        return new EventTemplate(version, new UserId("@u:sender.example"), type, json)
                .roomId(new RoomId("!r:sender.example"))
                .eventId(new EventId("$x:" + CHOSE_THE_ID))
                .unsigned();
    }
}
