package io.myelin.accountserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.storage.StoredReports;
import io.myelin.contracts.account.Reports;
import io.myelin.contracts.account.Reports.Kept;
import io.myelin.contracts.account.Reports.Page;
import io.myelin.contracts.account.Reports.Report;
import io.myelin.contracts.account.Reports.Wanted;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class ReportsIT {
    private static final RoomId ROOM = RoomId.parse("!reported:localhost");
    private static final UserId BOB = UserId.parse("@bob:localhost");

    private final Reports reports;

    ReportsIT(Accounts accounts) {
        reports = accounts.server().bean(StoredReports.class);
    }

    private static Report event(String id) {
        return new Report(ROOM, EventId.parse(id), BOB, "rude", -10, "{}".getBytes(UTF_8));
    }

    private static Wanted of(UserId reporter, boolean backwards) {
        return new Wanted(0, 10, backwards, reporter.value(), null, null);
    }

    @Test
    void keepsReportsAndPagesThoseOfEvents() {
        UserId reporter = UserId.parse("@reporter1:localhost");
        reports.add(reporter, event("$one"));
        reports.add(reporter, event("$two"));
        reports.add(reporter, new Report(ROOM, null, null, "a room", null, null));
        reports.add(reporter, new Report(null, null, BOB, "a user", null, null));
        Page all = reports.ofEvents(of(reporter, true));
        assertThat(all.total()).isEqualTo(2);
        assertThat(all.reports())
                .extracting(kept -> kept.report().event())
                .containsExactly(EventId.parse("$two"), EventId.parse("$one"));
        assertThat(reports.ofEvents(of(reporter, false))
                        .reports()
                        .getFirst()
                        .report()
                        .event())
                .isEqualTo(EventId.parse("$one"));
        assertThat(reports.ofEvents(new Wanted(1, 1, true, reporter.value(), "reported", BOB.value()))
                        .reports())
                .hasSize(1);
        assertThat(reports.ofEvents(new Wanted(0, 10, true, reporter.value(), null, "@else:localhost"))
                        .total())
                .isZero();
    }

    @Test
    void findsAndDeletesAReport() {
        UserId reporter = UserId.parse("@reporter2:localhost");
        reports.add(reporter, event("$one"));
        Kept kept = reports.ofEvents(of(reporter, true)).reports().getFirst();
        assertThat(reports.find(kept.number()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(kept);
        assertThat(kept.report().score()).isEqualTo(-10);
        assertThat(reports.delete(kept.number())).isTrue();
        assertThat(reports.delete(kept.number())).isFalse();
        assertThat(reports.find(kept.number())).isEmpty();
    }
}
