package io.myelin.kafka.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String SAMPLED = "00-" + TRACE + "-" + SPAN + "-01";

    @Test
    void isReadAndWritten() {
        assertThat(TraceParent.parse(SAMPLED)).isEqualTo(new TraceParent(TRACE, SPAN, true));
        assertThat(new TraceParent(TRACE, SPAN, true)).hasToString(SAMPLED);
        assertThat(TraceParent.parse("00-" + TRACE + "-" + SPAN + "-02"))
                .isEqualTo(new TraceParent(TRACE, SPAN, false));
    }

    @Test
    void laterVersionMayBeLonger() {
        assertThat(TraceParent.parse("01-" + TRACE + "-" + SPAN + "-01-more"))
                .isEqualTo(new TraceParent(TRACE, SPAN, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-" + TRACE + "-" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN + "-01-more",
                "01-" + TRACE + "-" + SPAN + "-01more",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
                "00 " + TRACE + " " + SPAN + " 01"
            })
    void anythingElseIsIgnored(String value) {
        assertThat(TraceParent.parse(value)).isNull();
    }

    @Test
    void travelsInTheHeadersOfARecord() {
        var headers = new RecordHeaders();
        assertThat(TraceParent.of(headers)).isNull();
        new TraceParent(TRACE, SPAN, true).addTo(headers);
        assertThat(TraceParent.of(headers)).isEqualTo(new TraceParent(TRACE, SPAN, true));
    }

    @Test
    void recordOfATraceThatNobodyRecordsBelongsToNone() {
        var headers = new RecordHeaders();
        headers.add(TraceParent.HEADER, ("00-" + TRACE + "-" + SPAN + "-00").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(TraceParent.of(headers)).isNull();
    }
}
