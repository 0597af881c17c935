package io.myelin.clientroomsend;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.IdentityLookups;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A fake identity server, as account-server asks it. */
public final class FakeIdentityLookups implements IdentityLookups {
    private final Map<String, UserId> users = new HashMap<>();
    private final List<Address> invited = new ArrayList<>();
    private final Set<String> revoked = new HashSet<>();
    private @Nullable MatrixError error;
    private String key = "";
    private int validities;

    public void reset() {
        users.clear();
        invited.clear();
        revoked.clear();
        error = null;
        validities = 0;
    }

    /** How often it was asked whether a key is valid. */
    public int validities() {
        return validities;
    }

    public void publish(String address, UserId user) {
        users.put(address, user);
    }

    /** The key that it gives to invitations. */
    public void key(String publicKey) {
        key = publicKey;
    }

    public void revoke(String publicKey) {
        revoked.add(publicKey);
    }

    public void fail(int status, String errcode) {
        error = new MatrixError(status, errcode, "The identity server fails.");
    }

    public List<Address> invited() {
        return List.copyOf(invited);
    }

    @Override
    public Found find(Address address) {
        return new Found(users.get(address.address()), error);
    }

    @Override
    public Invited invite(Address address, byte[] invitation) {
        invited.add(address);
        return new Invited(new Kept("token", "a...@b...", List.of(new Key(key, "https://x/isvalid"))), null);
    }

    @Override
    public boolean isValid(Key asked) {
        validities++;
        return !revoked.contains(asked.publicKey());
    }
}
