package io.myelin.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.engine.shard.TransactionKey;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WireTest {

    private static final UUID ID = new UUID(1, 2);
    private static final byte[] BODY = {1, 2, 3};

    @Test
    void aRequestComesBackAsItWas() {
        var request = new Wire.RequestValue(ID, 42, 7, new TransactionKey(3, 4), BODY);
        var read = Wire.request(Wire.request(request));
        assertThat(read).usingRecursiveComparison().isEqualTo(request);
        var without = new Wire.RequestValue(ID, 42, 7, null, BODY);
        assertThat(Wire.request(Wire.request(without)).transaction()).isNull();
    }

    @Test
    void answersOfOneCommitComeBackInOrder() {
        var replies = List.of(new Wire.ReplyValue(ID, BODY), new Wire.ReplyValue(new UUID(5, 6), new byte[0]));
        assertThat(Wire.replies(Wire.replies(replies)))
                .usingRecursiveComparison()
                .isEqualTo(replies);
    }

    @Test
    void aFactComesBackAsItWas() {
        var fact = Wire.fact(Wire.fact(3, 99, BODY));
        assertThat(fact).usingRecursiveComparison().isEqualTo(new Wire.FactValue(3, 99, BODY));
    }

    @Test
    void whatIsCutOffOrOfALaterFormIsUnreadable() {
        byte[] replies = Wire.replies(List.of(new Wire.ReplyValue(ID, BODY)));
        assertThatThrownBy(() -> Wire.replies(Arrays.copyOf(replies, replies.length - 1)))
                .isInstanceOf(Wire.Unreadable.class);
        replies[0] = 2;
        assertThatThrownBy(() -> Wire.replies(replies)).isInstanceOf(Wire.Unreadable.class);
        assertThatThrownBy(() -> Wire.request(new byte[] {1})).isInstanceOf(Wire.Unreadable.class);
    }
}
