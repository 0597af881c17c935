package io.myelin.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class SyncBodyTest {

    @Test
    void findsTheTokenHoweverItIsLaidOut() {
        assertThat(body("{\"next_batch\":\"s1_2\",\"rooms\":{}}").nextBatch()).isEqualTo("s1_2");
        assertThat(body("{ \"rooms\" : {}, \"next_batch\" : \"s3\" }").nextBatch())
                .isEqualTo("s3");
    }

    @Test
    void findsNoTokenInAnError() {
        assertThat(body("{\"errcode\":\"M_UNKNOWN_TOKEN\"}").nextBatch()).isNull();
    }

    @Test
    void findsEveryNumberAfterAMarker() {
        var numbers = new ArrayList<Integer>();
        body("{\"body\":\"mark:7;\"},{\"body\":\"mark:123;\"},{\"body\":\"marx:9;\"}")
                .eachNumberAfter("mark:".getBytes(StandardCharsets.US_ASCII), numbers::add);
        assertThat(numbers).containsExactly(7, 123);
    }

    private static SyncBody body(String text) {
        return new SyncBody(text.getBytes(StandardCharsets.UTF_8));
    }
}
