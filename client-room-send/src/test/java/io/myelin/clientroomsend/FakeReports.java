package io.myelin.clientroomsend;

import io.myelin.contracts.account.Reports;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A fake of what account-server keeps of reports. */
public final class FakeReports implements Reports {
    private final List<Kept> kept = new ArrayList<>();

    public void reset() {
        kept.clear();
    }

    public List<Kept> all() {
        return List.copyOf(kept);
    }

    @Override
    public boolean add(UserId reporter, Report report) {
        return kept.add(new Kept(kept.size() + 1, 1000, reporter, report));
    }

    @Override
    public Page ofEvents(Wanted wanted) {
        List<Kept> events =
                kept.stream().filter(one -> one.report().event() != null).toList();
        return new Page(
                events.stream().skip(wanted.from()).limit(wanted.limit()).toList(), events.size());
    }

    @Override
    public Optional<Kept> find(long number) {
        return kept.stream().filter(one -> one.number() == number).findFirst();
    }

    @Override
    public boolean delete(long number) {
        return kept.removeIf(one -> one.number() == number);
    }
}
