package io.myelin.roomserver.federated;

import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.event.EventSignatures;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.util.Random;

/** A homeserver that is played by a test: its name and the key it signs with. */
public record RemoteServer(ServerName name, SigningKey key) {
    private static final String KEY_ID = "ed25519:1";

    /** A server of this name, with a key that is derived from the name. */
    public static RemoteServer named(String name) {
        return new RemoteServer(new ServerName(name), SigningKey.generate(KEY_ID, new Random(name.hashCode())));
    }

    /** This server with an unknown key under the identifier of its known one. */
    public RemoteServer withUnknownKey() {
        return new RemoteServer(name, SigningKey.generate(key.keyId(), new Random(~name.hashCode())));
    }

    public VerifyKey verifyKey() {
        return key.verifyKey();
    }

    public UserId user(String localpart) {
        return UserId.of(localpart, name);
    }

    public Pdu sign(EventTemplate template) {
        return template.sign(name, key);
    }

    public boolean hasSigned(Pdu event) {
        return EventSignatures.verify(event.version(), event.json(), name, key.keyId(), verifyKey());
    }
}
