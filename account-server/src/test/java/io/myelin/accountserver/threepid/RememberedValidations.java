package io.myelin.accountserver.threepid;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Validations of a test, in memory. Each is of its own address. */
public final class RememberedValidations implements ValidationStore {
    private final Map<String, Validation> known = new HashMap<>();

    @Override
    public Begun begin(Validation wanted, long now) {
        Optional<Validation> before = known.values().stream()
                .filter(each -> each.of().equals(wanted.of()) && each.secret().equals(wanted.secret()))
                .findFirst();
        if (before.isPresent() && before.get().sendAttempt() >= wanted.sendAttempt()) {
            return new Begun(before.get().sid(), false);
        }
        String sid = before.map(Validation::sid).orElse(wanted.sid());
        put(sid, wanted, wanted.sendAttempt(), null);
        return new Begun(sid, true);
    }

    private void put(String sid, Validation of, long attempt, @Nullable Long validatedAt) {
        known.put(
                sid,
                new Validation(
                        sid,
                        of.purpose(),
                        of.of(),
                        of.secret(),
                        of.code(),
                        attempt,
                        of.nextLink(),
                        of.expiresAt(),
                        validatedAt));
    }

    @Override
    public void forgetAttempt(String sid) {
        Validation before = known.get(sid);
        if (before != null) {
            put(sid, before, before.sendAttempt() - 1, before.validatedAt());
        }
    }

    @Override
    public boolean deleteConfirmed(String sid, Validation.Purpose purpose, long now) {
        return find(sid, now)
                        .filter(each -> each.purpose() == purpose && each.validatedAt() != null)
                        .isPresent()
                && known.remove(sid) != null;
    }

    @Override
    public void confirm(String sid, long now) {
        Validation before = known.get(sid);
        if (before != null) {
            put(sid, before, before.sendAttempt(), now);
        }
    }

    @Override
    public Optional<Validation> find(String sid, long now) {
        return Optional.ofNullable(known.get(sid)).filter(each -> each.expiresAt() > now);
    }
}
